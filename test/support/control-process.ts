import { openControlSocket } from '../../src/main/sync/control/socket.ts';
import { silentLog } from './silent-log.ts';

// A Steno that listens in the folder it is given until it is killed. Says so in a line.
const control = openControlSocket({ folder: process.argv[2] ?? '', answer: () => new Promise(() => undefined), log: silentLog });
await control.opened;
process.stdout.write('listening\n');
setInterval(() => undefined, 60_000);
