/** What stands between us and a venue answers with pages for people: of such a one the title is kept, so that an error is one line. */

const MAX_TITLE = 200;

/** The text of an answer as it came, but for a page of HTML. */
export function inOneLine(contentType: string | undefined, text: string): string {
  if (contentType?.startsWith('text/html') !== true && !/^\s*<(?:!doctype|html)/iu.test(text.slice(0, MAX_TITLE)))
    return text;
  const title = /<title[^>]*>([^<]*)</iu.exec(text.slice(0, 100_000))?.[1]?.replaceAll(/\s+/gu, ' ').trim() ?? '';
  return title === '' ? 'a web page' : `a web page: ${title.slice(0, MAX_TITLE)}`;
}
