/** For tests: the most memory that this process has held. */
import { existsSync, readFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

/**
 * Peak resident memory in MiB. Linux's own count of a process begins with its parent's memory (the fork that it was, before
 * it became another program), which in a test run is large; VmHWM counts from the program's start.
 */
export function peakMiB(): number {
  const line = existsSync(STATUS) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8')) : null;
  return (line === null ? process.resourceUsage().maxRSS : Number(line[1])) / 1024;
}
