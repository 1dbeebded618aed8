/**
 * One animation frame for everything that draws by itself. A painter draws only when it was marked dirty; with nothing dirty no frame is
 * asked for. What each frame costs, and how old what it shows is, is kept where a browser test can read it.
 */
const KEPT = 600;

/** The last figures, oldest first. */
class Recent {
  private readonly values = new Float64Array(KEPT);
  private count = 0;

  push(value: number): void {
    this.values[this.count++ % KEPT] = value;
  }

  get list(): readonly number[] {
    const from = Math.max(0, this.count - KEPT);
    return Array.from({ length: this.count - from }, (_, index) => this.values[(from + index) % KEPT] ?? 0);
  }

  clear(): void {
    this.count = 0;
  }
}

const frameMs = new Recent();
const lagMs = new Recent();

declare global {
  interface Window {
    /** Of the last frames drawn: milliseconds of the main thread, and wall time from the engine's event to the drawing. */
    __quotewright: { readonly frames: readonly number[]; readonly lag: readonly number[]; clear(): void };
  }
}

/** Puts the figures where tests look for them. */
export function exposeFrames(): void {
  // oxlint-disable-next-line no-underscore-dangle -- so that no script of a page's own has that name
  window.__quotewright = {
    get frames() {
      return frameMs.list;
    },
    get lag() {
      return lagMs.list;
    },
    clear() {
      frameMs.clear();
      lagMs.clear();
    },
  };
}

export interface Painter {
  /** Wants to be drawn at the next frame; `wallMs`: when the engine took what is new in it. */
  mark(wallMs?: number): void;
  stop(): void;
}

interface Job {
  readonly draw: (nowMs: number) => void;
  isDirty: boolean;
}

const jobs = new Set<Job>();
let isAsked = false;
/** Wall time of the newest event that the coming frame draws; 0: none. */
let newestWallMs = 0;

function frame(nowMs: number): void {
  isAsked = false;
  const began = performance.now();
  for (const job of jobs) {
    if (!job.isDirty) continue;
    job.isDirty = false;
    job.draw(nowMs);
  }
  const ended = performance.now();
  frameMs.push(ended - began);
  if (newestWallMs > 0) lagMs.push(performance.timeOrigin + ended - newestWallMs);
  newestWallMs = 0;
}

function ask(): void {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(frame);
}

/** `draw` may mark its painter again (an animation). */
export function startPainter(draw: (nowMs: number) => void): Painter {
  const job: Job = { draw, isDirty: true };
  jobs.add(job);
  ask();
  return {
    mark(wallMs) {
      if (wallMs !== undefined && wallMs > newestWallMs) newestWallMs = wallMs;
      job.isDirty = true;
      ask();
    },
    stop() {
      jobs.delete(job);
    },
  };
}

/** Marks a painter so long after the first of several calls: for pictures that nobody could read at every frame. */
export function markLater(painter: Painter, afterMs: number): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      painter.mark();
    }, afterMs);
  };
}
