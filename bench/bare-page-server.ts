import { ConsoleBuild } from '#server/console/console-build';
import { createLogger } from '#server/operations/logger';
import { serve } from '#server/serve';
import { readSettings } from '#server/settings';

// The real server with another page in the console's place: the one in the folder that BARE_PAGE names.

const open = ConsoleBuild.open.bind(ConsoleBuild);
Object.assign(ConsoleBuild, { open: () => open(process.env['BARE_PAGE'] ?? '') });

const server = await serve(readSettings(process.env), createLogger('warn'));
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
