import type { Carriable, Content } from '#content';
import { carryOverPlan } from '#migration';

/** What is to be carried over of a source; of the last one it is remembered, for it is asked for with every batch. */
export class PlanOfSource {
  private last: { readonly snapshot: Content['handedOver']; readonly plan: readonly Carriable[] } | undefined;

  of(migration: string, { handedOver }: Content): readonly Carriable[] {
    if (handedOver?.migration !== migration) throw new Error(`nothing was handed over to ${migration}`);
    if (this.last?.snapshot !== handedOver) this.last = { snapshot: handedOver, plan: carryOverPlan(handedOver) };
    return this.last.plan;
  }
}
