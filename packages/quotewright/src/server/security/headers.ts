/** Headers of every answer: what a page of this server may load and do, and who may embed it. */
import helmet from '@fastify/helmet';
import type { App } from '../http/app.ts';
import { API } from '../http/openapi.ts';

/**
 * A report holds its styles, pictures and the script of its viewer in itself. The script may run: in a sandbox the page is of no
 * origin, so that it sees nothing of the dashboard, its token or the API, and it may load and send nothing.
 */
const REPORT_POLICY =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'";

export function sendHeaders(app: App, isTls: boolean): void {
  void app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: isTls ? { maxAge: 31_536_000 } : false,
  });
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith(`${API}/reports/`)) {
      reply.header('content-security-policy', REPORT_POLICY).header('x-frame-options', 'SAMEORIGIN');
    }
    // What a session does is nothing for a cache on the way.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}
