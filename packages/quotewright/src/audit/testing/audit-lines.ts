/** For tests: an audit log as a whole. */
import type { AuditLine } from '../audit-line.ts';
import { readAudit } from '../audit-read.ts';

export async function auditLines(dir: string): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  for await (const line of readAudit(dir)) lines.push(line);
  return lines;
}
