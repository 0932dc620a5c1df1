import {type Budget, type BudgetSubject, checkBudget, limitsTimes} from '../../bench/budget.js'
import {type QuickMeasurement, quickMeasurement} from '../../bench/quick-timing.js'
import {portsOf} from '../../data/model-ports.js'
import type {Effects} from '../../effects.js'
import {RuntimeRefusedError} from '../../errors.js'
import {roundsInside} from '../../facts/rounds-inside.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {stageModel} from '../../io/write-model.js'
import {fidelityIn, judgingOf} from '../../judge/judge-outputs.js'
import {type JudgedPair, judgePair} from '../../judge/judge-pair.js'
import {lowFidelity} from '../../judge/low-fidelity.js'
import type {TransformOptions} from '../../options/common.js'
import type {BudgetResult, Fidelity, MetricPair, Timing, Warning} from '../../results.js'
import {describeInputs, type InputPlan} from '../../runtime/inputs/plan-inputs.js'
import type {InputSource, SessionSettings} from '../../runtime/session/session-settings.js'
import {type ComparedPair, compareWithInput, type Pair} from './compare-with-input.js'
import {comparedSamples} from './compared-samples.js'
import {culpritsOf} from './culprits.js'
import type {HeldAgainst, Work} from './work.js'
import {BIG_BYTES, writeStages} from './write-stages.js'

/** The rooms of options that decide how a result is proved. */
export type ProveOptions = Pick<TransformOptions, 'output' | 'judge' | 'run'>

/** Samples the outputs are compared on: enough for a stable SQNR, few enough to be done in a moment. */
const COMPARED_SAMPLES = 64

export interface Proof {
  readonly output: {path: string; sizeBytes: number}
  readonly fidelity: Fidelity | null
  readonly timing: Timing | null
  readonly metric: MetricPair
  readonly budget: BudgetResult | null
  readonly warnings: Warning[]
  /** Peak memory of the children that ran models. */
  readonly peakRssBytes: number
}

/**
 * Writes the model under a temporary name, loads it in ONNX Runtime beside its input, compares their outputs, times them, judges the
 * budgets, and only then gives the file its name: what fails its proof is never there.
 *
 * @throws BugError when the runtime refuses what was written, or outputs differ that must not.
 */
export async function writeAndProve(work: Work, options: ProveOptions, effects: Effects): Promise<Proof> {
  const {budget} = work
  const {
    output,
    run: {seed, provider, threads, dims},
  } = options
  effects.progress('writing', 0, 0)
  const staged = await stageModel(work.model, work.outputPath, {
    force: output.force,
    externalData: output.externalData,
    inputs: work.input.files,
    signal: effects.signal,
  })
  const {sizeBytes, temporaryPath} = staged
  try {
    const source = sourceOf(work, seed, await samplesOf(work, options))
    const settings = {provider, threads, dims}
    const runOptions = {...options, settings, source}
    const run = output.verify
      ? await runBoth(work, temporaryPath, runOptions, effects).catch(
          blame(work, () => pairOf(work, temporaryPath, runOptions, effects)),
        )
      : NOT_RUN
    staged.publish()
    return {
      output: {path: work.outputPath, sizeBytes},
      fidelity: run.fidelity,
      timing: run.measured?.timing ?? null,
      metric: run.metric && pick(run.metric),
      budget: budget ? judge(work, sizeBytes, run, options, budget) : null,
      warnings: [...sizeWarnings(work, sizeBytes), ...run.warnings],
      peakRssBytes: run.peakRssBytes,
    }
  } finally {
    staged.discard()
  }
}

interface Run {
  readonly fidelity: Fidelity | null
  readonly measured: QuickMeasurement | null
  readonly metric: JudgedPair | null
  readonly warnings: Warning[]
  readonly peakRssBytes: number
}

const NOT_RUN: Run = {fidelity: null, measured: null, metric: null, warnings: [], peakRssBytes: 0}

interface RunBothOptions extends ProveOptions {
  readonly settings: SessionSettings
  readonly source: InputSource
}

async function runBoth(work: Work, after: string, options: RunBothOptions, effects: Effects): Promise<Run> {
  const {
    source,
    output,
    run: {seed},
  } = options
  const {signal} = effects
  const {path: before, samples, isComparable = true} = work.input
  const pair = isComparable ? await compare(work, after, options, effects) : undefined
  const {compared, settings = options.settings, isTimeable = true, warnings: found = []} = pair ?? {}
  const judged = await judgeBoth(work, after, {...options, settings}, effects)
  effects.progress('timing', 0, 0)
  const sources = {
    source: compared ? withPlan(source, compared.plan) : source,
    beforeSource: samples && sourceOf({...work, samples}, seed),
  }
  const timed = {
    ...sources,
    batch: work.timedBatch,
    signal,
    isThorough: work.budget !== undefined && limitsTimes(work.budget),
  }
  const isTooBig = isBig(work) && work.measured === undefined && !timed.isThorough
  const isTimed = output.time && isTimeable && !isTooBig
  const measure = () => quickMeasurement(before, after, options.settings, timed)
  const measured = isTimed ? (work.measured ?? (await measure())) : null
  const fidelity = compared ? fidelityIn(compared, heldAgainst(work).against) : null
  return {
    fidelity,
    measured,
    metric: judged,
    warnings: [
      ...found,
      ...(output.time && isTooBig ? [notTimed(work)] : []),
      ...sourceWarnings(compared?.plan),
      ...(fidelity ? lossWarnings(work, fidelity) : []),
    ],
    peakRssBytes: Math.max(compared?.peakRssBytes ?? 0, judged?.peakRssBytes ?? 0),
  }
}

async function compare(work: Work, after: string, options: RunBothOptions, effects: Effects): Promise<ComparedPair> {
  effects.progress('checking', 0, 0)
  const pair = await pairOf(work, after, options, effects)
  if (pair.isExact || !isBig(work) || heldAgainst(work).path !== work.input.path) {
    return compareWithInput(pair, culpritsOf(work, pair))
  }
  return withTempFolder(async (folder) => {
    const referenceStages = await writeStages(pair.input, folder)
    const staged = {...pair, options: {...pair.options, referenceStages}}
    return compareWithInput(staged, culpritsOf(work, staged))
  })
}

async function pairOf(
  work: Work,
  output: string,
  {settings, source, judge: {outputKinds}}: RunBothOptions,
  {signal}: Effects,
): Promise<Pair> {
  const {fallbacks, exact, leaveOut, model} = work
  const {path: input} = heldAgainst(work)
  const {freelyShaped, unsteady, ...judging} = await judgingOf(input, outputKinds)
  const options = {source, batch: 1, signal, fallbacks, leaveOut, ...exact, ...judging}
  return {
    input,
    output,
    settings,
    options,
    freelyShaped,
    unsteady,
    isExact: exact !== undefined,
    isQuantized: roundsInside(model.graph),
  }
}

/** Whether the input is too large to be in memory for a proof that nobody asked for. */
function isBig({input: {sizeBytes}}: Work): boolean {
  return sizeBytes >= BIG_BYTES
}

function notTimed({input, outputPath}: Work): Warning {
  return {
    code: 'NOT_TIMED',
    message: `not timed: the input has ${input.sizeBytes} bytes, and a timing holds them in memory twice`,
    hint: `mopt bench ${input.path} ${outputPath} times both; so does a budget such as --min-speedup 1`,
  }
}

function heldAgainst({input, heldAgainst: other}: Work): HeldAgainst {
  return other ?? {path: input.path, against: 'input'}
}

/** What was trained answers differently on purpose: its metric says what that is worth. */
function lossWarnings({judgeOutput, remedy}: Work, fidelity: Fidelity): Warning[] {
  return judgeOutput ? [] : lowFidelity(fidelity, remedy)
}

async function judgeBoth(
  work: Work,
  after: string,
  {settings, judge: {metric, outputName, outputKinds}}: RunBothOptions,
  effects: Effects,
): Promise<JudgedPair | null> {
  if (work.judgeOutput) return work.judgeOutput(after)
  if (!work.judge) return null
  const judgement = {
    ...{data: work.judge, inputs: portsOf(work.model), batch: work.evalBatch},
    ...{metric, outputName, wanted: outputKinds},
  }
  return judgePair(work.input.path, after, settings, judgement, effects)
}

/** A refusal while judging or timing: of the output, beside an input that runs, mopt wrote something wrong. */
function blame(work: Work, pairOfBoth: () => Promise<Pair>): (error: unknown) => Promise<never> {
  return async (error) => {
    if (!(error instanceof RuntimeRefusedError)) throw error
    const pair = await pairOfBoth()
    const culprits = culpritsOf(work, pair)
    if (error.refusal.path !== pair.output) throw await culprits.file(error)
    throw await culprits.mopt(error.message, 'all', error)
  }
}

async function samplesOf({samples, input}: Work, options: ProveOptions): Promise<number | undefined> {
  return samples && options.output.verify ? comparedSamples(input.path, options.run) : undefined
}

/** What outputs are compared on. @param most samples of the data. */
export function sourceOf(
  {samples, plan}: Pick<Work, 'samples' | 'plan'>,
  seed: number,
  most = COMPARED_SAMPLES,
): InputSource {
  if (samples) return {kind: 'data', spec: samples, limit: Math.min(most, samples.limit ?? most)}
  return {kind: 'synthetic', plan, seed}
}

/** Keys, lengths and the tags around a note. */
const NOTE_OVERHEAD_BYTES = 64

function sizeWarnings({input, noteBytes}: Work, sizeBytes: number): Warning[] {
  const allowedBytes = noteBytes === undefined ? 0 : noteBytes + NOTE_OVERHEAD_BYTES
  if (sizeBytes <= input.sizeBytes + allowedBytes) return []
  return [{code: 'LARGER', message: `the output has ${sizeBytes} bytes, the input ${input.sizeBytes}`}]
}

/** @param plan of the inputs that were made up; undefined when there was data. */
function sourceWarnings(plan: readonly InputPlan[] | undefined): Warning[] {
  if (!plan || plan.length === 0) return []
  const message = `synthetic input: ${describeInputs(plan)}`
  return [
    {
      code: 'SYNTHETIC_INPUT',
      message,
      hint: 'what the change costs on real samples was not judged: give some with --data',
    },
  ]
}

/** Made-up inputs, of the sizes that the model runs with. */
function withPlan(source: InputSource, plan: readonly InputPlan[] | undefined): InputSource {
  return source.kind === 'synthetic' && plan ? {...source, plan} : source
}

function judge(work: Work, sizeBytes: number, run: Run, options: ProveOptions, budget: Budget): BudgetResult {
  const {measured, metric} = run
  const {provider, threads} = options.run
  const subject: BudgetSubject = {
    model: work.outputPath,
    provider,
    batch: 1,
    threads,
    sizeBytes,
    baselineSizeBytes: work.input.sizeBytes,
    ...(measured && {
      latency: measured.latency,
      ratio: {point: measured.timing.ratio, low: measured.timing.low, high: measured.timing.high},
    }),
    metric: metric ?? undefined,
    fidelity: run.fidelity ?? undefined,
  }
  return checkBudget([subject], budget)
}

function pick({name, before, after, samples}: JudgedPair): NonNullable<MetricPair> {
  return {name, before, after, samples}
}
