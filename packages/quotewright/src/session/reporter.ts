/** Tells a person, or a program, how a session goes: one screen in place on a terminal, else lines. */
import type { SessionStatus } from './status.ts';

export interface SessionIntro {
  /** Of the dashboard; undefined: there is none. */
  readonly url: string | undefined;
  /** Where the token lies, and what it is (empty: it cannot be read); undefined: there is none. */
  readonly tokenFile: string | undefined;
  readonly token: string;
  /** Of the session; undefined: nothing is kept. */
  readonly dir: string | undefined;
  readonly status: () => SessionStatus;
}

export interface Reporter {
  /** Takes whole lines for the operator. */
  readonly say: (text: string) => void;
  /** The session runs. */
  begin(intro: SessionIntro): void;
  /** It does not any more. Once is enough. */
  end(): void;
}
