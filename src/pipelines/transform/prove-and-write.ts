import {performance} from 'node:perf_hooks'
import type {QuickMeasurement} from '../../bench/quick-timing.js'
import {evalBatch} from '../../facts/eval-batch.js'
import type {PassReport} from '../../passes/pass.js'
import {type FileRecord, RECORD_KEY, withRecord} from '../../provenance/record.js'
import type {Warning} from '../../results.js'
import {peakRssBytes} from '../../runtime/child/peak-memory.js'
import type {Opened, OpenWork} from './open-work.js'
import {recordOfWork} from './record-of-work.js'
import {type Proof, writeAndProve} from './staged-proof.js'
import type {Exactness, HeldAgainst, JudgeOutput, Reference, Work} from './work.js'

/** What a verb did to the model that is open. */
export interface Changed<T> {
  readonly report: PassReport
  /** What the verb's result says besides. */
  readonly facts: T
  /** Peak memory of children that worked for the change. */
  readonly peakRssBytes?: number
  readonly warnings?: readonly Warning[]
  /** What the result is held against; the file itself when absent. */
  readonly reference?: Reference | undefined
  /** What its outputs are held against, where that is not the input. */
  readonly heldAgainst?: HeldAgainst | undefined
  /** The one next thing to try when outputs lose more than they may. */
  readonly remedy?: string | undefined
  /** How the file was made, where the verb knows more of it than its options. */
  readonly record?: FileRecord | undefined
  /** What was decided where the options left it open, for the record. */
  readonly chosen?: Readonly<Record<string, unknown>> | undefined
  /** The verb's own way to judge the result. */
  readonly judgeOutput?: JudgeOutput | undefined
  /** For changes that must not change any output. */
  readonly exact?: Exactness | undefined
  /** Timed already beside the input, in the very form that is to be written. */
  readonly measured?: QuickMeasurement | undefined
  /** Samples per run in which both are timed on data; 1 when absent. */
  readonly timedBatch?: number | undefined
}

/** What every verb that writes a model reports. */
export type TransformResult<T> = T & ReturnType<typeof document>

/** The end of the walk of every verb that changes a model: nothing is written before the change is complete. */
export async function proveAndWrite<T extends object>(
  work: OpenWork,
  changed: Changed<T>,
): Promise<TransformResult<T>> {
  const {model} = work
  const {record = await recordOfWork(work, undefined), chosen = {}} = changed
  const isOpen = Object.keys(chosen).length > 0
  model.metadata = withRecord(model.metadata, isOpen ? {...record, chosen} : record)
  const proof = await writeAndProve(toProve(work, changed), work.options, work.effects)
  const {path, sizeBytes} = referenceOf(work, changed)
  return {...changed.facts, ...document({...work, input: {path, sizeBytes}}, changed, proof)}
}

function referenceOf({file}: Opened, {reference}: Changed<object>): Reference {
  return reference ?? {path: file.path, sizeBytes: file.sizeBytes, files: file.files}
}

function toProve(work: OpenWork, changed: Changed<object>): Work {
  const {file, model, proof, data, random, budget, outputPath} = work
  const {judgeOutput, heldAgainst, exact, measured, timedBatch, remedy = 'change less of the model'} = changed
  const reference = referenceOf(work, changed)
  const {plan, variants, fallbacks} = proof
  return {
    input: {...reference, files: [...new Set([...file.files, ...reference.files])]},
    ...{model, outputPath, plan, budget, exact, judgeOutput, heldAgainst, remedy, measured, timedBatch},
    fallbacks: [...variants, ...fallbacks],
    samples: data.judge ?? data.learn,
    leaveOut: random.outputs,
    judge: data.judge,
    evalBatch: evalBatch(model),
    noteBytes: Buffer.byteLength(model.metadata.get(RECORD_KEY) ?? ''),
  }
}

/** What a result says of where it came from. */
export interface Origin extends Pick<OpenWork, 'command' | 'started' | 'model' | 'data' | 'random'> {
  readonly input: {path: string; sizeBytes: number}
}

/** The result of a verb that writes a model. */
export function document(origin: Origin, changed: Changed<object>, proof: Proof) {
  const {command, input, started, model, data, random} = origin
  const ownPeakRssBytes = peakRssBytes()
  return {
    schemaVersion: 1 as const,
    command,
    input,
    ...proof,
    changed: changed.report.changed.map((change) => ({...change, count: change.count ?? 1})),
    skipped: changed.report.skipped,
    warnings: [...model.warnings, ...data.warnings, ...random.warnings, ...(changed.warnings ?? []), ...proof.warnings],
    seconds: (performance.now() - started) / 1000,
    peakRssBytes: Math.max(ownPeakRssBytes, changed.peakRssBytes ?? 0, proof.peakRssBytes),
  }
}
