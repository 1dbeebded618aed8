/** The thread that works VaR out: sleeps until the bell rings, takes what is in the ring, answers requests through the sequence lock. */
import { workerData } from 'node:worker_threads';
import { RingReader } from '@quotewright/core/base/ring';
import { SeqlockWriter } from '@quotewright/core/base/seqlock';
import { estimateVar } from '@quotewright/core/risk/var/estimate';
import { PriceWindow } from './price-window.ts';
import {
  Bell,
  COMMAND_HEAD,
  CommandKind,
  RESULT_HEAD,
  ResultStatus,
  ResultWord,
  type VarMemory,
  type VarTask,
  levelWords,
} from './var-memory.ts';

const { task, memory }: { task: VarTask; memory: VarMemory } = workerData;
const { assets, settings, window, minReturns } = task;
const commands = new RingReader(memory.commands);
const result = new SeqlockWriter(memory.result);
const bells = new Int32Array(memory.bells);
const prices = new PriceWindow(assets, window);
const command = new Float64Array(COMMAND_HEAD + assets);
const answer = new Float64Array(result.words);

function work(): void {
  const start = performance.now();
  answer.fill(Number.NaN);
  answer[ResultWord.NUMBER] = command[1]!;
  answer[ResultWord.RETURNS] = prices.returns;
  answer[ResultWord.STATUS] = ResultStatus.TOO_FEW_RETURNS;
  if (prices.returns >= minReturns) {
    try {
      const estimate = estimateVar(prices.matrix(), command.slice(COMMAND_HEAD), settings);
      answer[ResultWord.REPAIRED] = estimate.repairedEigenvalue;
      estimate.figures.forEach((figures, level) => {
        const at = RESULT_HEAD + level * levelWords(assets);
        answer.set([figures.valueAtRisk, figures.shortfall], at);
        answer.set(figures.marginals, at + 2);
        answer.set(figures.components, at + 2 + assets);
        answer.set(figures.shortfallComponents, at + 2 + 2 * assets);
      });
      answer[ResultWord.STATUS] = ResultStatus.DONE;
    } catch {
      // Settings were checked before the thread was started: what is left is numbers that no method can do anything with.
      answer[ResultWord.STATUS] = ResultStatus.FAILED;
    }
  }
  answer[ResultWord.MS] = performance.now() - start;
  result.write(answer);
  Atomics.add(bells, Bell.RESULTS, 1);
  Atomics.notify(bells, Bell.RESULTS);
}

for (let isRunning = true; isRunning;) {
  const rung = Atomics.load(bells, Bell.COMMANDS);
  while (isRunning && commands.drain(command, 1) === 1) {
    if (command[0] === CommandKind.SAMPLE) prices.add(command, COMMAND_HEAD);
    else if (command[0] === CommandKind.REQUEST) work();
    else isRunning = false;
  }
  // What came in the meantime has rung the bell, and then this does not wait.
  if (isRunning) Atomics.wait(bells, Bell.COMMANDS, rung);
}
