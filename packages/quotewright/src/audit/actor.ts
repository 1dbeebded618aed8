/** Who acts: a user of the operating system, in a process that plays a role. */
import { userInfo } from 'node:os';
import { z } from 'zod';

export const actorSchema = z.strictObject({
  /** Name of the operating system's user. */
  user: z.string().max(256),
  pid: z.number().int().nonnegative(),
  /** What the process is: `session`, or the command that ran (`quotewright kill`). */
  role: z.string().max(256),
});
export type Actor = z.output<typeof actorSchema>;

export function thisProcess(role: string): Actor {
  return { user: userName(), pid: process.pid, role };
}

/** A container's user may have no name; its number says as much. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
