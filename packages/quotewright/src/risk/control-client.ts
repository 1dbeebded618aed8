/** Asks a running session, from another process. */
import { connect } from 'node:net';
import { InputError } from '../data/report.ts';
import { type ControlReply, type ControlRequest, controlReply } from './control-protocol.ts';
import { checkFolder, socketPath } from './control-place.ts';

/** Why there is no answer. */
export type NoAnswer = 'absent' | 'late';

/** @throws InputError when there is no such folder, or what answers is no session of this version */
export async function askSession(
  dir: string,
  request: ControlRequest,
  waitMs: number,
): Promise<ControlReply | NoAnswer> {
  checkFolder(dir);
  const path = socketPath(dir);
  const heard = await new Promise<{ line: string } | NoAnswer>((resolve) => {
    const socket = connect(path);
    let isConnected = false;
    let text = '';
    const end = (answer: { line: string } | NoAnswer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end('late'), waitMs);
    socket.once('connect', () => {
      isConnected = true;
      socket.write(`${JSON.stringify(request)}\n`);
    });
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const newline = text.indexOf('\n');
      if (newline >= 0) end({ line: text.slice(0, newline) });
    });
    // A session that dies while it is asked has not answered in time.
    const lost = (): void => end(isConnected ? 'late' : 'absent');
    socket.once('error', lost);
    socket.once('end', lost);
  });
  if (typeof heard === 'string') return heard;
  const { line } = heard;
  const reply = controlReply.safeParse(jsonOf(line));
  if (reply.success) return reply.data;
  throw new InputError(`${path}: found '${line.slice(0, 60)}', expected the answer of a session`);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
