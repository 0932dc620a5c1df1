import type {InferenceSession, Tensor} from 'onnxruntime-node'
import {ModelError} from '../../errors.js'
import {loadTask} from '../child/task.js'
import type {TaskContext} from '../child/task-context.js'
import {type BatchAxes, type Plain, realPart} from '../inputs/batch-axis.js'
import {type FeedBatch, firstFeeds, openSource} from '../inputs/feeds.js'
import {halvedFeeds} from '../inputs/halved-feeds.js'
import type {InputPlan} from '../inputs/plan-inputs.js'
import {comparableNames, inputPorts} from '../session/ports.js'
import {createSession, runSession} from '../session/session.js'
import type {InputSource, SessionSettings} from '../session/session-settings.js'
import {type ModelStage, stagedSession} from '../session/staged-session.js'
import {withoutCopies} from '../session/without-copies.js'
import {Difference, type OutputDifference, type Tolerance} from './difference.js'
import {type Numbers, OutputNumbers} from './output-numbers.js'
import type {ObservedOutput, Observer, ObserverWork} from './output-observer.js'

export interface CompareRequest {
  readonly referencePath: string
  readonly candidatePath: string
  readonly settings: SessionSettings
  readonly source: InputSource
  readonly batch: number
  /** Of outputs, where a fixed batch may have to be filled up. */
  readonly batchAxes: BatchAxes
  /** What `outside` counts by. */
  readonly tolerance?: Tolerance | undefined
  /** Synthetic inputs of other sizes to compare on as well; those that the reference cannot run are left out. */
  readonly variants?: readonly (readonly InputPlan[])[] | undefined
  /** Synthetic inputs to compare on instead when the reference cannot run those of the source, the first it can run. */
  readonly fallbacks?: readonly (readonly InputPlan[])[] | undefined
  /** How the candidate is loaded, where that is not how the reference is. */
  readonly candidateSettings?: SessionSettings | undefined
  /** The reference in parts, for one that is too large to be run whole. */
  readonly referenceStages?: readonly ModelStage[] | undefined
  /** Names of outputs that are not compared, such as those that depend on random numbers. */
  readonly leaveOut?: readonly string[] | undefined
  /** What else is done with the outputs: code of a folder above this one, and what it is to know. */
  readonly observer?: ObserverWork | undefined
}

/** How far one model's outputs are from another's, output by output. */
export interface CompareReply {
  readonly inputs: 'data' | 'synthetic'
  readonly outputs: readonly ComparedOutput[]
  /** Outputs that are no tensors: the runtime's interface for Node cannot fetch them. */
  readonly notCompared: readonly string[]
  readonly samples: number
  /** The first plan of synthetic inputs that the reference could run; undefined for data. */
  readonly plan: readonly InputPlan[] | undefined
  /** What the observer made of the outputs. */
  readonly observed: unknown
}

export interface OutputsComparison extends CompareReply {
  readonly peakRssBytes: number
}

export interface ComparedOutput extends OutputDifference {
  readonly name: string
  /** Samples that were not compared: they fill no whole batch, and nothing says which axis counts samples. */
  readonly leftOut: number
  /** Where the shapes differ, the first two that do: such elements are not compared. */
  readonly shapes?: {readonly expected: readonly number[]; readonly got: readonly number[]} | undefined
}

/** Feeds both models the same batches and adds up the differences; nothing grows with the number of samples. */
export async function compare(request: CompareRequest, context: TaskContext): Promise<CompareReply> {
  const {settings, source} = request
  const {referencePath, candidatePath, referenceStages, candidateSettings = settings} = request
  const reference = referenceStages
    ? await stagedSession(referencePath, referenceStages, settings)
    : await createSession(referencePath, await withoutCopies(referencePath, settings))
  // what was made of it is loaded as users load it: integer kernels compute differently without their copies
  const isSame = candidatePath === referencePath
  const candidate = await createSession(
    candidatePath,
    isSame ? await withoutCopies(candidatePath, candidateSettings) : candidateSettings,
  )
  const {compared, notCompared} = commonOutputs(reference, candidate, request.leaveOut ?? [])
  const work: Work = {
    ...{request, reference, candidate, observer: await observerOf(request.observer)},
    fetched: compared.length > 0 ? compared : comparableNames(reference),
    outputs: new Map(compared.map((name) => [name, new Pair(request.tolerance)])),
    numbers: new OutputNumbers(),
  }
  const {samples, plan} =
    source.kind === 'data'
      ? {samples: await addSource(work, source, context), plan: undefined}
      : await addPlans(work, source.plan)
  const outputs = [...work.outputs].map(([name, pair]) => ({name, ...pair.result()}))
  const observed = work.observer?.result()
  return {inputs: source.kind, outputs, notCompared, samples, plan, observed}
}

interface Work {
  readonly request: CompareRequest
  readonly reference: InferenceSession
  readonly candidate: InferenceSession
  /** Outputs to run for: where none is compared, all show that the models run. */
  readonly fetched: readonly string[]
  readonly outputs: ReadonlyMap<string, Pair>
  readonly observer: Observer | undefined
  readonly numbers: OutputNumbers
}

async function observerOf(work: ObserverWork | undefined): Promise<Observer | undefined> {
  if (!work) return undefined
  const observe = await loadTask(work.task)
  return observe(work.input)
}

/** @returns how many samples were compared. */
async function addSource(work: Work, source: InputSource, context?: TaskContext): Promise<number> {
  const {request, reference} = work
  const opened = await openSource(source, inputPorts(reference, request.settings.dims), request.batch)
  let samples = 0
  for await (const batch of opened.batches()) {
    await addBatch(work, batch)
    samples += batch.size
    context?.progress(samples, opened.total)
  }
  return samples
}

/** All variants that the reference can run, or the first fallback. @throws what it says to the planned inputs when it can run none. */
async function addPlans(
  work: Work,
  planned: readonly InputPlan[],
): Promise<{samples: number; plan: readonly InputPlan[] | undefined}> {
  const {source, variants = [], fallbacks = []} = work.request
  const own = source.kind === 'synthetic' ? source : undefined
  const failures: unknown[] = []
  let samples = 0
  let first: readonly InputPlan[] | undefined
  for (const [index, plan] of [planned, ...variants, ...fallbacks].entries()) {
    if (first && index > variants.length) break
    const made = {kind: 'synthetic', seed: 0, ...own, plan} as const
    const failure = await failureOf(work, made)
    if (failure !== undefined) failures.push(failure)
    else {
      samples += await addSource(work, made)
      first ??= plan
    }
  }
  if (!first) throw failures[0]
  return {samples, plan: first}
}

/** Why the reference cannot run on inputs that were made up: nothing says that it can. */
async function failureOf({request, reference, fetched}: Work, source: InputSource): Promise<unknown> {
  try {
    const feeds = await firstFeeds(source, inputPorts(reference, request.settings.dims), 1)
    await runSession(reference, feeds, fetched, request.referencePath)
    return undefined
  } catch (error) {
    return error
  }
}

async function addBatch(work: Work, {feeds, size, fed}: FeedBatch): Promise<void> {
  const {request, reference, candidate, fetched, outputs, observer} = work
  const expected = await runSession(reference, feeds, fetched, request.referencePath)
  const actual = await runSession(candidate, halvedFeeds(candidate, feeds), fetched, request.candidatePath)
  const seen: ObservedOutput[] = []
  for (const [name, pair] of outputs) {
    const [tensor, other] = [expected[name] as Tensor, actual[name] as Tensor]
    const [left, right] = [tensor, other].map((one) => {
      return realPart({data: work.numbers.of(one), dims: one.dims}, {size, fed}, request.batchAxes[name])
    })
    if (!left || !right) {
      pair.leftOut += size
      continue
    }
    pair.add(left, right)
    seen.push({
      name,
      dtype: tensor.type,
      dims: left.dims,
      otherDims: right.dims,
      reference: left.data,
      other: right.data,
    })
  }
  observer?.add(seen, {size, fed, inputs: new Map(Object.entries(feeds))})
}

/** The differences of one output. */
class Pair {
  leftOut = 0
  readonly #difference: Difference
  #shapes: ComparedOutput['shapes']

  constructor(tolerance: Tolerance | undefined) {
    this.#difference = new Difference(tolerance)
  }

  add(reference: Plain<Numbers>, other: Plain<Numbers>): void {
    if (reference.dims.join() === other.dims.join()) this.#difference.add(reference.data, other.data)
    else this.#shapes ??= {expected: reference.dims, got: other.dims}
  }

  result(): Omit<ComparedOutput, 'name'> {
    return {...this.#difference.result(), leftOut: this.leftOut, ...(this.#shapes && {shapes: this.#shapes})}
  }
}

/** @returns the tensors of the reference that the candidate has too, and the reference's other outputs. */
function commonOutputs(
  reference: InferenceSession,
  candidate: InferenceSession,
  leftOut: readonly string[],
): {compared: string[]; notCompared: string[]} {
  const compared = comparableNames(reference).filter((name) => !leftOut.includes(name))
  const others = new Set(candidate.outputNames)
  const missing = compared.find((name) => !others.has(name))
  if (missing !== undefined) {
    throw new ModelError(`the other model has no output '${missing}'`, {hint: `It has: ${[...others].join(', ')}`})
  }
  return {compared, notCompared: reference.outputNames.filter((name) => !compared.includes(name))}
}
