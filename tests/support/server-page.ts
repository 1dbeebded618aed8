/** Tables of docs/server.md, made from what the server says of itself. A test compares the page with them and says how to write it. */
import { PROBLEMS, PROBLEM_CODES } from '../../packages/quotewright/src/server/http/problems.ts';

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly schema: { readonly properties: Readonly<Record<string, object>> } }>
    >;
  };
}

/** What the tables need of an OpenAPI document. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Every operation, in groups as the document has them. */
export function routesTable({ paths }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = new Set(operations.flatMap(({ operation }) => operation.tags));
  const rows = [...tags].flatMap((tag) =>
    operations
      .filter(({ operation }) => operation.tags.includes(tag))
      .map(({ path, method, operation }) => {
        const role = operation.security.flatMap((each) => each['bearer'] ?? []).join(', ');
        const name = `${method.toUpperCase()} \`${path.replace('/api/v1', '')}\``;
        return row(name, role, takenBy(operation), operation.summary);
      }),
  );
  return table(['operation', 'role', 'takes', 'what it does'], rows);
}

/** Fields of the query, and of the body. */
function takenBy({ parameters = [], requestBody }: Operation): string {
  const query = parameters.flatMap((each) =>
    each.in === 'query' ? `\`${each.name}\`${each.required === true ? ' (needed)' : ''}` : [],
  );
  const fields = Object.keys(requestBody?.content['application/json']?.schema.properties ?? {});
  return [...query, ...(fields.length === 0 ? [] : [`\`{ ${fields.join(', ')} }\``])].join(', ');
}

export function problemsTable(): string {
  return table(
    ['code', 'status', 'title'],
    PROBLEM_CODES.map((code) => row(`\`${code}\``, String(PROBLEMS[code][0]), PROBLEMS[code][1])),
  );
}

/** Of the text that `/metrics` answers. */
export function metricsTable(text: string): string {
  const lines = text.split('\n');
  const rows = lines.flatMap((line) => {
    const [, name, help = ''] = /^# HELP (\S+) (.*)$/u.exec(line) ?? [];
    if (name === undefined) return [];
    const type = lines.find((each) => each.startsWith(`# TYPE ${name} `))?.split(' ')[3] ?? '';
    const labels = new RegExp(`^${name}(?:_bucket)?\\{([^}]*)\\}`, 'mu').exec(text)?.[1] ?? '';
    const names = [...labels.matchAll(/(\w+)="/gu)].map(([, label]) => `\`${label}\``);
    return row(`\`${name}\``, type, names.join(', '), help);
  });
  return table(['name', 'type', 'labels', 'what'], rows);
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(...head), `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
