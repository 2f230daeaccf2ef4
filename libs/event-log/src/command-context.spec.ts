import { type Actor, canonicalJson } from '#kernel';
import * as fc from 'fast-check';
import { type CommandContext, commandMeta } from './command-context.js';

const text = fc.string({ unit: 'binary' });
const nullable = fc.option(text, { nil: null });
const absent = fc.option(text, { nil: undefined });

const actors: fc.Arbitrary<Actor> = fc.record({
  id: text,
  name: text,
  roles: fc.constantFrom<Actor['roles']>([], ['auditor'], ['operator', 'admin']),
  via: fc.constantFrom<Actor['via']>('api', 'console'),
});

describe('what is recorded of a command beside its events', () => {
  test('is canonical JSON, whatever the texts are', () => {
    const contexts = fc.record<CommandContext>({
      actor: actors,
      correlationId: text,
      client: fc.record({ ip: nullable, agent: nullable }),
    });
    fc.assert(
      fc.property(contexts, text, text, absent, absent, (context, name, commandId, reason, ticket) => {
        const meta = commandMeta(
          name,
          { ...(reason !== undefined && { reason }), ...(ticket !== undefined && { ticket }) },
          context,
          commandId,
        );
        const { actor, correlationId, client } = context;
        expect(JSON.parse(meta)).toEqual({
          actor,
          command: name,
          reason: reason ?? null,
          ticket: ticket ?? null,
          commandId,
          correlationId,
          causationId: commandId,
          client,
        });
        expect(meta).toBe(canonicalJson(JSON.parse(meta)));
      }),
    );
  });

  test('names the command that led to it', () => {
    const actor: Actor = { id: 'tok-1', name: 'Night shift', roles: ['operator'], via: 'api' };
    const context = { actor, correlationId: 'c', causationId: 'run-1', client: { ip: null, agent: null } };
    expect(JSON.parse(commandMeta('HomeUser', {}, context, 'run-1:7'))).toMatchObject({
      commandId: 'run-1:7',
      causationId: 'run-1',
    });
  });
});
