import { type CommandAnswer, CommandShell } from '#event-log';
import { anyCommand, BaseCommand, defineCommand, Is, type PoolId, type SipUri, subject } from '#kernel';
import { contexts } from '#server/contexts';
import { createLogger } from '#server/operations/logger';
import { serve } from '#server/serve';
import { readSettings } from '#server/settings';

// The real server with one more command, which has the fields of `HomeUser` and a handler that does nothing.

class DoNothing extends BaseCommand {
  @Is.SipUri("the person's SIP address")
  readonly user!: SipUri;

  @Is.Pool('a pool')
  readonly pool!: PoolId;
}

const doNothing = defineCommand(DoNothing, {
  summary: 'Do nothing',
  role: 'operator',
  example: { user: 'sip:alice@contoso.com', pool: 'pool13.contoso.com' },
  subjects: ({ user, pool }) => [subject.user(user), subject.pool(pool)],
  handle: () => {
    throw new Error('the shell was asked');
  },
});

// The handler on the bus hands every command to the shell: this one it gets back at once.
const answer: CommandAnswer = { outcome: 'unchanged', position: null, events: [], reply: {} };
const run: unknown = Reflect.get(CommandShell.prototype, 'run');
Object.assign(CommandShell.prototype, {
  run(this: CommandShell, ...args: readonly unknown[]): unknown {
    return args[0] === doNothing ? Promise.resolve(answer) : Reflect.apply(run as () => unknown, this, args);
  },
});

const server = await serve(readSettings(process.env), createLogger('warn'), {
  contexts: [...contexts, { commands: [anyCommand(doNothing)], events: {} }],
});
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
