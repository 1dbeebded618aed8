/** The queue before a sink, against a list that is sorted and searched. */
import { array, assert, constantFrom, integer, property } from 'fast-check';
import { SEVERITY_NAMES } from '@quotewright/core/risk/alert';
import { expect, it } from 'vitest';
import { type Alert, severityRank } from './alert.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import { sampleAlert } from './testing/sample.ts';

it('hands alerts out in their order, and drops the oldest of the least severe when it is full', () => {
  const act = constantFrom(...SEVERITY_NAMES, 'take', 'clear');
  assert(
    property(integer({ min: 1, max: 5 }), array(act, { maxLength: 60 }), (capacity, acts) => {
      const queue = new DeliveryQueue(capacity);
      let model: Alert[] = [];
      let dropped = 0;
      for (const [i, each] of acts.entries()) {
        if (each === 'take') expect(queue.shift()).toEqual(model.shift());
        else if (each === 'clear') {
          dropped += model.length;
          model = [];
          queue.clear();
        } else {
          const alert = sampleAlert(i + 1, each);
          queue.push(alert);
          model.push(alert);
          if (model.length > capacity) {
            const least = Math.min(...model.map(({ severity }) => severityRank(severity)));
            model.splice(
              model.findIndex(({ severity }) => severityRank(severity) === least),
              1,
            );
            dropped++;
          }
        }
        expect(queue.dropped).toBe(dropped);
      }
    }),
    { seed: 7 },
  );
});
