/** The settings of a session's server: a file, and what the command line says instead. */
import { checkSettings, readConfig } from '../config/read-config.ts';
import { type ServerConfig, serverConfig } from '../server/config.ts';

/** @throws InputError that names the file, the field, what was found and what was expected */
export async function serverSettings(file: string | undefined, port: number | undefined): Promise<ServerConfig> {
  const given = file === undefined ? {} : await readConfig(file);
  const config = checkSettings(serverConfig, given, file ?? 'server');
  return port === undefined ? config : { ...config, port };
}
