/**
 * TLS to a venue: always verified, by the system's authorities and by one's own file of them; and pinned, when settings have pins. A pin is
 * the SHA-256 of the SubjectPublicKeyInfo (RFC 7469, section 2.4) of the server's own certificate, not of an authority's above it. Several
 * may be named, so that the next key is known before it is used.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
} from 'node:tls';
import { InputError } from '../../data/report.ts';
import type { VenueSettings } from '../venue-settings.ts';

/** For `tls.connect`, as ws and undici pass them on. */
export interface TlsOptions {
  readonly rejectUnauthorized: true;
  /** With one's own authorities; made once, as reading some hundred certificates takes time. */
  readonly secureContext?: SecureContext;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
  /** Of undici: a resumed session shows no certificate, so none is kept where pins are to be seen. */
  readonly maxCachedSessions: number;
}

/** @param told what a person should know: a key that is none of the pinned ones @throws InputError when the file is none */
export function tlsOptions(
  { pins, ca }: Pick<VenueSettings, 'pins' | 'ca'>,
  told: (text: string, isRefused: boolean) => void,
): TlsOptions {
  return {
    rejectUnauthorized: true,
    ...(ca === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...getCACertificates('default'), readCertificates(ca)] }) }),
    maxCachedSessions: pins === undefined ? 100 : 0,
    checkServerIdentity(host, certificate) {
      const wrong = checkServerIdentity(host, certificate);
      if (wrong !== undefined || pins === undefined) return wrong;
      const found = pinOf(certificate.raw);
      if (pins.sha256.includes(found)) return undefined;
      const text = `${host} has the public key sha256/${found}, which is none of the ${pins.sha256.length} pinned`;
      told(text, pins.mode === 'enforce');
      return pins.mode === 'enforce' ? new PinError(text) : undefined;
    },
  };
}

export class PinError extends Error {
  override readonly name = 'PinError';
  readonly code = 'PIN';
}

/** SHA-256 of the SPKI of a certificate (DER), base64. */
export function pinOf(certificate: Uint8Array): string {
  // `PeerCertificate.pubkey` will not do: of an EC key it is the point alone.
  const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64');
}

function readCertificates(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`ca: '${path}' cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new InputError(`ca: '${path}' holds no certificate, expected PEM text with BEGIN CERTIFICATE`);
  }
  return text;
}
