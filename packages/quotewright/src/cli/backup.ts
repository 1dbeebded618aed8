/** `quotewright backup`: copies of a session that runs or not, and the way back. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import Table from 'cli-table3';
import { auditFolder } from '../audit/audit-folder.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { createBackup } from '../backup/create.ts';
import { deleteBackup } from '../backup/delete.ts';
import { type Manifest, labels, readManifest, verifyBackup } from '../backup/manifest.ts';
import { restoreBackup } from '../backup/restore.ts';
import { BACKUPS } from '../backup/session-files.ts';
import { InputError } from '../data/report.ts';

const MEGABYTE = 1e6;
/** As of `journal verify`: it was read, and it is damaged. */
const EXIT_DAMAGED = 1;

export function backupCommand() {
  const command = new Command('backup')
    .description('back up a session, also while it runs, and restore it')
    .exitOverride();
  command.addCommand(
    verb('create', 'copy the session as it is now')
      .requiredOption('--label <name>', 'what the backup is called')
      .action(async (session, { label, to }) => {
        const { manifest, damage } = await createBackup(known(session), to ?? join(session, BACKUPS), label);
        process.stdout.write(`${manifest.label}: ${sizeText(manifest)}, ${countText(manifest)}\n`);
        if (damage === '') return;
        process.stderr.write(`${damage}\n`);
        process.exitCode = EXIT_DAMAGED;
      }),
  );
  command.addCommand(
    verb('list', 'what backups there are')
      .option('--json', 'print as JSON', false)
      .action(async (session, { to, json }) => {
        const store = to ?? join(known(session), BACKUPS);
        const manifests = await Promise.all((await labels(store)).map((label) => readManifest(store, label)));
        process.stdout.write(json ? `${JSON.stringify(manifests)}\n` : `${listText(manifests, store)}\n`);
      }),
  );
  command.addCommand(
    verb('verify', 'check a backup against its checksums')
      .requiredOption('--label <name>', 'which')
      .action(async (session, { label, to }) => {
        const store = to ?? join(session, BACKUPS);
        const complaints = await verifyBackup(store, label);
        for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
        if (complaints.length > 0) process.exitCode = EXIT_DAMAGED;
        else {
          const manifest = await readManifest(store, label);
          process.stdout.write(`${label}: ${manifest.files.length} files are as they were, ${countText(manifest)}\n`);
        }
      }),
  );
  command.addCommand(
    verb('restore', 'bring the session back to a backup; what is there is moved aside, not deleted')
      .requiredOption('--label <name>', 'which')
      .action(async (session, { label, to }) => {
        const { manifest, replaced } = await restoreBackup(session, to ?? join(session, BACKUPS), label);
        const { created, sequence } = manifest;
        audit(session).note({ what: 'backup.restore', subject: label, after: { created, inputs: sequence, replaced } });
        const aside = replaced === '' ? '' : `; what was there is in ${replaced}`;
        process.stdout.write(`${session}: as of ${manifest.created}, ${countText(manifest)}${aside}\n`);
      }),
  );
  command.addCommand(
    verb('delete', 'delete a backup')
      .requiredOption('--label <name>', 'which')
      .action(async (session, { label, to }) => {
        await deleteBackup(to ?? join(session, BACKUPS), label);
        // Backups outlive their session.
        if (existsSync(auditFolder(session))) audit(session).note({ what: 'backup.delete', subject: label });
        process.stdout.write(`${label}: deleted\n`);
      }),
  );
  return command;
}

/** All verbs take the session's folder, and where backups are kept. */
function verb(name: string, description: string) {
  return new Command(name)
    .description(description)
    .exitOverride()
    .argument('<dir>', "the session's folder, as given to --journal")
    .option('--to <dir>', `where backups are kept (default: ${BACKUPS} in the session's folder)`);
}

const audit = (session: string): AuditLog => new AuditLog({ dir: session, role: 'quotewright backup' });

function known(session: string): string {
  if (existsSync(session)) return session;
  throw new InputError(`${session}: no such folder`);
}

const sizeText = ({ files }: Manifest): string =>
  `${(files.reduce((sum, { bytes }) => sum + bytes, 0) / MEGABYTE).toFixed(1)} MB in ${files.length} files`;

const countText = ({ sequence }: Manifest): string => `${sequence.toLocaleString('en-US')} inputs`;

function listText(manifests: readonly Manifest[], store: string): string {
  if (manifests.length === 0) return `${store}: no backups`;
  const table = new Table({ head: ['label', 'created', 'inputs', 'size'], style: { head: [], border: [] } });
  for (const manifest of manifests) {
    table.push([manifest.label, manifest.created, manifest.sequence.toLocaleString('en-US'), sizeText(manifest)]);
  }
  return table.toString();
}
