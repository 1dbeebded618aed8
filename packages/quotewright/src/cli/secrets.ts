/** `quotewright secrets`: the vault of the venues' keys. No secret is an argument, and none is printed. */
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { InputError } from '../data/report.ts';
import { defaultHome } from '../home/home.ts';
import { ROTATE_DAYS, keyAgeText, keyDays } from '../secrets/key-age.ts';
import { Keeper } from '../secrets/keeper.ts';
import { questionsOf } from '../secrets/questions.ts';
import type { Venue } from '../venues/contract/venue.ts';
import { VENUES, venueOf } from '../venues/registry.ts';
import { plainTable } from './plain-table.ts';

const NO_FILES: ReadonlyMap<string, string> = new Map();

export function secretsCommand() {
  return new Command('secrets')
    .description("the vault of the venues' keys: set, list, rotate, remove, export, change its password")
    .exitOverride()
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(rotateCommand())
    .addCommand(removeCommand())
    .addCommand(exportCommand())
    .addCommand(passwordCommand());
}

function setCommand() {
  return new Command('set')
    .exitOverride()
    .description('put a key of a venue into the vault; its values are asked for, or come from files')
    .argument('[venue]', `one of ${VENUES.map(({ name }) => name).join(', ')}`)
    .option('--as <name>', 'name of the entry, for a second key of a venue; default: the name of the venue')
    .addOption(fieldOption())
    .option('--from <file>', "take the keys of a file of 'quotewright secrets export' instead")
    .action(async (name, { as, field, from }) => {
      if (from !== undefined) {
        if (name !== undefined)
          throw new InputError(`--from: found venue '${name}' beside it, expected the file alone`);
        const names = await keeper().importFrom(from);
        print(`took ${names.join(', ')}`);
        return;
      }
      const venue = known(name ?? '');
      await keeper().add(as ?? venue.name, venue, field);
      print(`${as ?? venue.name}: in the vault`);
    });
}

function listCommand() {
  return new Command('list')
    .exitOverride()
    .description('what is in the vault: names, venues, ages; no values')
    .option('--rotate-days <days>', 'tell of keys that are older', parseDays, ROTATE_DAYS)
    .option('--json', 'print JSON', false)
    .action(async ({ rotateDays, json }) => {
      const vault = await keeper().open();
      const nowMs = Date.now();
      const rows = vault.entries().map((entry) => {
        const { name, venue, fields, createdMs, rotatedMs } = entry;
        const isDue = keyAgeText(entry, nowMs, rotateDays) !== '';
        return {
          name,
          venue,
          fields,
          created: day(createdMs),
          rotated: day(rotatedMs),
          days: keyDays(entry, nowMs),
          isDue,
        };
      });
      if (json) return print(JSON.stringify(rows));
      if (rows.length === 0) return print(`${vault.path}: empty`);
      const table = plainTable(
        ['name', 'venue', 'fields', 'created', 'replaced', 'age'],
        ['left', 'left', 'left', 'left', 'left', 'right'],
      );
      for (const { name, venue, fields, created, rotated, days } of rows) {
        table.push([name, venue, fields.join(', '), created, rotated, `${days} d`]);
      }
      print(table.toString());
      for (const entry of vault.entries()) {
        const text = keyAgeText(entry, nowMs, rotateDays);
        if (text !== '') print(`note: ${text}`);
      }
    });
}

function rotateCommand() {
  return new Command('rotate')
    .exitOverride()
    .description('replace the values of a key by those of a new one')
    .argument('<name>', 'entry of the vault')
    .addOption(fieldOption())
    .action(async (name, { field }) => {
      await keeper().rotate(name, known, field);
      print(`${name}: replaced; remove the old key at the venue`);
    });
}

function removeCommand() {
  return new Command('remove')
    .exitOverride()
    .description('take a key out of the vault')
    .argument('<name>', 'entry of the vault')
    .action(async (name) => {
      await keeper().remove(name);
      print(`${name}: removed from the vault; the venue still knows it`);
    });
}

function exportCommand() {
  return new Command('export')
    .exitOverride()
    .description("write keys into a file with a password of its own, for 'secrets set --from' on another machine")
    .argument('<file>', 'a new file')
    .argument('[names...]', 'entries of the vault; default: all')
    .action(async (file, names) => {
      const count = await keeper().exportTo(file, names);
      print(`${file}: ${count} ${count === 1 ? 'key' : 'keys'}, encrypted`);
    });
}

function passwordCommand() {
  return new Command('password')
    .exitOverride()
    .description('change the password of the vault: everything in it is encrypted anew')
    .action(async () => {
      await keeper().changePassword();
      print('the vault has another password');
    });
}

function fieldOption() {
  return new Option('--field <name=file...>', 'the value of a field is what stands in a file (a private key in PEM)')
    .argParser((text: string, before: ReadonlyMap<string, string>) => {
      const at = text.indexOf('=');
      if (at <= 0 || at === text.length - 1) throw new InvalidArgumentError('expected field=file.');
      return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
    })
    .default(NO_FILES, 'none');
}

function keeper(): Keeper {
  return new Keeper({
    home: defaultHome(process.env),
    environment: process.env,
    questions: questionsOf(process.stdin),
    tell: (text) => void process.stderr.write(`${text}\n`),
  });
}

function known(name: string): Venue {
  const venue = venueOf(name);
  if (venue !== undefined) return venue;
  throw new InputError(`venue: found '${name}', expected one of ${VENUES.map((each) => each.name).join(', ')}`);
}

export function parseDays(text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/u.test(text)) return value;
  throw new InvalidArgumentError('expected a whole number of days.');
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
