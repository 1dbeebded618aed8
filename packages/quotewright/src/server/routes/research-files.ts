/** What lies in the home: journals of sessions, recordings, reports. */
import { z } from 'zod';
import { reasonOf } from '../../data/reason.ts';
import type { App } from '../http/app.ts';
import { API } from '../http/openapi.ts';
import { Problem } from '../http/problems.ts';
import { recordingList, reportInfo, reportList, safeName, sessionDetail, sessionList } from '../protocol/research.ts';
import { JournalDetails } from '../research/journal-detail.ts';
import { findReport, listReports, openReport } from '../research/reports.ts';
import type { Sources } from '../research/sources.ts';

const params = z.object({ id: safeName });

/** @param reports folder of the backtests, each with its report */
export function fileRoutes(app: App, sources: Sources, reports: string): void {
  const details = new JournalDetails();
  app.get(
    `${API}/sessions`,
    {
      schema: {
        tags: ['sessions'],
        summary: 'Journals: this session first, then the newest',
        response: { 200: sessionList },
      },
    },
    () => sources.sessions.list(),
  );
  app.get(
    `${API}/sessions/:id`,
    {
      schema: {
        tags: ['sessions'],
        summary: 'What a journal holds; all of it is read',
        params,
        response: { 200: sessionDetail },
      },
    },
    async ({ params: { id } }) => {
      const session = sources.sessions.find(id);
      const path = sources.sessions.path(id);
      if (session === undefined || path === undefined) {
        throw new Problem('not-found', `found '${id}', expected the id of a session`);
      }
      const detail = await details.of(path).catch((error: unknown) => {
        throw new Problem('not-possible', reasonOf(error));
      });
      return { ...session, ...detail };
    },
  );
  app.get(
    `${API}/recordings`,
    {
      schema: {
        tags: ['recordings'],
        summary: 'Market data in the home, newest first',
        response: { 200: recordingList },
      },
    },
    () => sources.recordings(),
  );
  app.get(
    `${API}/reports`,
    { schema: { tags: ['reports'], summary: 'Reports of backtests, newest first', response: { 200: reportList } } },
    () => listReports(reports),
  );
  app.get(
    `${API}/reports/:id`,
    { schema: { tags: ['reports'], summary: 'The files of a report', params, response: { 200: reportInfo } } },
    ({ params: { id } }) => findReport(reports, id),
  );
  app.get(
    `${API}/reports/:id/:file`,
    {
      schema: {
        tags: ['reports'],
        summary: 'A file of a report: report.html is shown, in a sandbox; tables are saved',
        params: params.extend({ file: safeName }),
      },
    },
    ({ params: { id, file } }, reply) => {
      const { stream, bytes, type, disposition } = openReport(reports, id, file);
      return reply.headers({ 'content-disposition': disposition, 'content-length': bytes }).type(type).send(stream);
    },
  );
}
