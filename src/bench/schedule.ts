/** What is known once the first processes have warmed up; of several models, the slowest counts. */
export interface Probe {
  /** One run, warm. */
  readonly latencyMs: number
  /** The warm-up of one process, shader compilation included. */
  readonly warmupMs: number
}

/** One block of consecutive timed runs of one model. */
export interface Block {
  /** Stop when this much time has passed, after at least one run. */
  readonly budgetMs: number
  /** Stop after this many runs. */
  readonly maxRuns: number
}

/** The blocks of each process, one per round. The number of processes is the outer length. */
export type Schedule = readonly (readonly Block[])[]

/** Makes the schedule after the first warm-up. */
export type Planner = (probe: Probe) => Schedule

/** Time of one block when runs are shorter than that: long enough to forget the other model, short enough to share the weather. */
const BLOCK_MS = 10
/**
 * Rounds and process pairs. With 19 rounds the 95 % interval covered the truth 91 to 94 % of the time; with these, half of the
 * pairs measure for the second that a bench takes at least, and may be enough.
 */
const ROUNDS = 25
const PROCESSES = 8
/** Under this many process pairs an interval says next to nothing: t is 4.3 at 3 pairs, 12.7 at 2. */
const MIN_PROCESSES = 3
/** More pairs than this help less than they cost in process starts. */
const MAX_PROCESSES = 30
const MAX_ROUNDS_PER_PROCESS = 1000

/** Runs at the start of a block that are thrown away: they find the caches full of another model's weights. */
export function runsToSkip(latencyMs: number): number {
  if (latencyMs < 1) return 3
  return latencyMs < 100 ? 1 : 0
}

export interface FullPlan {
  /** At least this many timed runs of each model. */
  readonly minRuns: number
  /** At least this much measuring of each model. */
  readonly minTimeMs: number
  /** At most this much measuring of each model, warm-up and thrown away runs included. */
  readonly maxTimeMs: number
}

/**
 * The full protocol: 8 fresh process pairs of 25 rounds of 10 ms, more where `minRuns` or `minTimeMs` ask for it, fewer
 * rounds and then fewer pairs where slow models would pass `maxTimeMs`. A slow model's block is one run.
 */
export function fullSchedule(plan: FullPlan): Planner {
  return ({latencyMs, warmupMs}) => {
    const keep = Math.max(1, Math.floor(BLOCK_MS / latencyMs))
    const blockMs = Math.max(BLOCK_MS, latencyMs)
    const wanted = Math.max(Math.ceil(plan.minRuns / keep), Math.ceil(plan.minTimeMs / blockMs))
    const processes = clamp(Math.ceil(wanted / ROUNDS), PROCESSES, MAX_PROCESSES)
    const rounds = Math.max(ROUNDS, Math.ceil(wanted / processes))
    const cost = blockMs + runsToSkip(latencyMs) * latencyMs
    const shape = shrinkToFit({processes, rounds}, {cost, warmupMs, maxTimeMs: plan.maxTimeMs})
    return uniform(shape, {budgetMs: BLOCK_MS, maxRuns: Number.MAX_SAFE_INTEGER})
  }
}

/** Exactly `runs` timed runs of each model, spread evenly over up to 8 process pairs and their rounds. */
export function exactSchedule(runs: number): Planner {
  return ({latencyMs}) => {
    const perProcess = distribute(runs, Math.min(PROCESSES, runs))
    return perProcess.map((count) => {
      const rounds = clamp(Math.round((count * latencyMs) / BLOCK_MS), Math.min(3, count), Math.min(ROUNDS, count))
      return distribute(count, rounds).map((maxRuns) => ({budgetMs: Number.MAX_SAFE_INTEGER, maxRuns}))
    })
  }
}

/** Rounds of 5 ms over 5 pairs that measure `totalMs(latency)` in all, both models together; 3 pairs where runs are slow. */
export function quickSchedule(totalMs: (latencyMs: number) => number): Planner {
  return ({latencyMs}) => {
    const processes = latencyMs > 50 ? MIN_PROCESSES : 5
    const budgetMs = Math.max(BLOCK_MS / 2, latencyMs)
    const rounds = Math.max(1, Math.round(totalMs(latencyMs) / (2 * processes * budgetMs)))
    return uniform({processes, rounds}, {budgetMs: BLOCK_MS / 2, maxRuns: Number.MAX_SAFE_INTEGER})
  }
}

interface Extent {
  readonly processes: number
  readonly rounds: number
}

/** Gives up rounds first, down to 3, then process pairs, down to 3, then the last rounds. */
function shrinkToFit(wanted: Extent, limits: {cost: number; warmupMs: number; maxTimeMs: number}): Extent {
  const roundsWithin = (processes: number): number =>
    Math.floor((limits.maxTimeMs / processes - limits.warmupMs) / limits.cost)
  for (let processes = wanted.processes; processes >= MIN_PROCESSES; processes--) {
    const rounds = Math.min(wanted.rounds, roundsWithin(processes))
    if (rounds >= 3 || processes === MIN_PROCESSES) return {processes, rounds: clamp(rounds, 1, MAX_ROUNDS_PER_PROCESS)}
  }
  return wanted
}

function uniform({processes, rounds}: Extent, block: Block): Schedule {
  return Array.from({length: processes}, () => Array.from({length: rounds}, () => block))
}

/** `total` in `parts` whole numbers that differ by at most one. */
function distribute(total: number, parts: number): number[] {
  return Array.from({length: parts}, (_, i) => Math.floor(((i + 1) * total) / parts) - Math.floor((i * total) / parts))
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
