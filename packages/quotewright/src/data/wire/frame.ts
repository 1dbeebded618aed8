/** One line of a wire recording: `{t: header|http|connect|send|recv|close, conn, ts, url, data}`. */
import { unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import { asDecimal, asInteger, asObject, asText, parseJson } from '../json.ts';

const KINDS = ['header', 'http', 'connect', 'send', 'recv', 'close'] as const;

export interface WireFrame {
  readonly kind: (typeof KINDS)[number];
  readonly connection: string;
  /** When it was received or sent: nanoseconds since the recording's epoch day. */
  readonly localNs: number;
  /** Of `http` and `connect`; '' where the recorder wrote none. */
  readonly url: string;
  /** Of `http`: what the venue answered with; 200 where the recorder wrote none. */
  readonly status: number;
  /** The frame itself, or the page. */
  readonly data: string;
}

/** The frame of a line; or, in words, what kind of bad row it is. */
export function readFrame(line: string, epochDay: number): WireFrame | string {
  const frame = asObject(parseJson(line));
  if (frame === undefined) return 'not a JSON object';
  // The shortest decimal of the float64 is the text as the recorder wrote it, so no digit is lost on the way.
  const localNs = unixTextToNs(asDecimal(frame['ts']), UnixUnit.SECONDS, epochDay);
  const kind = KINDS.find((each) => each === frame['t']);
  // A header's time is that of the recording, which has other names too.
  if (localNs !== localNs && kind !== 'header') return 'ts is not Unix seconds';
  if (kind === undefined) return 'unknown kind of frame';
  const { data } = frame;
  if (typeof data !== 'string' && (kind === 'http' || kind === 'recv' || kind === 'send'))
    return 'data is not JSON text';
  const status = asInteger(frame['status']);
  return {
    kind,
    connection: asText(frame['conn']),
    localNs,
    url: asText(frame['url']),
    status: status === status ? status : 200,
    data: asText(data),
  };
}
