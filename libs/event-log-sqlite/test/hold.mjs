/** Opens the log and keeps it; tells why where it can't. */
import { openSqliteLog } from '#event-log-sqlite';

try {
  await openSqliteLog({ file: process.argv[2] });
  console.log('ready');
  setInterval(() => undefined, 1000);
} catch (error) {
  console.log(error.message);
  process.exitCode = 2;
}
