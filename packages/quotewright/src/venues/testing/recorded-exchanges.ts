/** Recorded REST exchanges of the shared data: `{"routes":{path:{METHOD:[{"data":…,"bodyParams":…}]}}}`, compressed. */
import { asList, asObject, parseJson } from '../../data/json.ts';
import { openSource, readWhole } from '../../data/source.ts';
import { sharedData } from '../../data/testing/files.ts';

export interface RecordedExchange {
  readonly path: string;
  readonly method: string;
  /** The answer's text. */
  readonly text: string;
}

/** @param name `gemini_http`, … */
export async function recordedExchanges(name: string): Promise<RecordedExchange[]> {
  const bytes = await readWhole(await openSource(sharedData(`wire/${name}.json.xz`)), 2 ** 26);
  const routes = asObject(asObject(parseJson(bytes.toString('utf8')))?.['routes']) ?? {};
  return Object.entries(routes).flatMap(([path, methods]) =>
    Object.entries(asObject(methods) ?? {}).flatMap(([method, entries]) =>
      asList(entries).map((entry) => ({ path, method, text: JSON.stringify(asObject(entry)?.['data'] ?? null) })),
    ),
  );
}
