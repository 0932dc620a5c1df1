import {uniformFloat64} from 'pure-rand/distribution/uniformFloat64'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import type {Contender, TimedBlock, TimedProcess} from '../../src/bench/timed-process.js'

/** Standard normal numbers from a seed (Box and Muller). */
export function normals(seed: number): () => number {
  const generator = xoroshiro128plus(seed)
  const uniform = () => uniformFloat64(generator)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

export interface FakeModel {
  readonly latencyMs: number
  readonly seed: number
  /** Standard deviation, between processes, of the log latency: the bias a process keeps for life. */
  readonly processNoise?: number
  /** Standard deviation, between runs, of the log latency. */
  readonly runNoise?: number
  /** Time of the first run of a process. */
  readonly firstRunMs?: number
  /** Called with what happens, in order. */
  readonly onEvent?: (event: string) => void
  readonly name?: string
  /** Thrown by the n-th start, counted from 0. */
  readonly failStart?: {at: number; error: Error}
}

/** A model whose clock is arithmetic: as many runs as fit the budget, at least one that counts. */
export function fakeContender(model: FakeModel): Contender {
  const normal = normals(model.seed)
  const tell = (event: string) => model.onEvent?.(`${event} ${model.name ?? ''}`.trim())
  let starts = 0
  async function load(): Promise<TimedProcess> {
    tell('start')
    if (model.failStart?.at === starts++) throw model.failStart.error
    const bias = Math.exp((model.processNoise ?? 0) * normal())
    return fakeProcess(model, () => bias * Math.exp((model.runNoise ?? 0) * normal()), tell)
  }
  return {begin: async () => ({load, close: async () => tell('close')})}
}

function fakeProcess(model: FakeModel, noise: () => number, tell: (event: string) => void): TimedProcess {
  let runs = 0
  return {
    loadMs: 5,
    async timeBlock({budgetMs, maxRuns, skip}): Promise<TimedBlock> {
      tell('block')
      const latenciesMs: number[] = []
      let wallMs = 0
      for (let run = 0; run < skip + maxRuns; run++) {
        const latency = (runs++ === 0 ? (model.firstRunMs ?? model.latencyMs) : model.latencyMs) * noise()
        wallMs += latency
        if (run >= skip) latenciesMs.push(latency)
        if (wallMs >= budgetMs && latenciesMs.length > 0) break
      }
      return {latenciesMs, cpuMs: wallMs, wallMs}
    },
    peakRssBytes: 50e6,
    close: async () => tell('close'),
  }
}
