/** Drives a feed with a capture, frame by frame, as a connection would. */
import type { Capture } from './capture.ts';
import { FeedProbe, type ProbeSetup } from './probe.ts';

/**
 * Replays the whole capture. The first `connect` opens the feed; a connection that connects again closes and opens it (frames of several
 * connections go to the one feed). `recv` frames go to `message` as bytes with their time, after a `poll`. What the feed fetches is
 * answered when the capture's page comes, at once when it has been, and with undefined when there is none.
 */
export function replayCapture(capture: Capture, setup: Omit<ProbeSetup, 'epochDay'>): FeedProbe {
  const probe = new FeedProbe({ ...setup, epochDay: capture.epochDay });
  const connected = new Set<string>();
  for (const { type, connection, ns, bytes } of capture.frames) {
    if (type === 'connect') {
      if (connected.has(connection)) {
        probe.feed.closed(ns);
        probe.settle(ns);
      }
      if (connected.size === 0 || connected.has(connection)) probe.feed.opened(ns);
      connected.add(connection);
    } else if (type === 'recv') {
      probe.feed.poll(ns);
      probe.settle(ns);
      probe.feed.message(bytes, ns);
    }
    probe.settle(ns);
    answerFetches(probe, capture, ns);
  }
  return probe;
}

/** Answers what the feed has asked for by now with pages that had come by then. */
export function answerFetches(probe: FeedProbe, capture: Capture, ns: number, shiftNs = 0): void {
  for (let k = 0; k < probe.fetches.length;) {
    const { request, tag } = probe.fetches[k]!;
    const text = capture.page(request.path, ns - shiftNs);
    if (text === undefined && capture.hasPage(request.path)) {
      k++;
      continue;
    }
    probe.fetches.splice(k, 1);
    probe.feed.fetched(tag, text === undefined ? undefined : { status: 200, headers: {}, text }, ns);
    probe.settle(ns);
  }
}
