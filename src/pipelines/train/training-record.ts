import {basename} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {findLabelsBeside} from '../../data/samples/labels.js'
import {digestFiles, digestPath} from '../../io/digest-file.js'
import type {OpenedModel} from '../../io/open-model.js'
import type {TrainingRooms} from '../../options/training.js'

/** The key among a model's metadata. Its value is a JSON list, one entry per training, the first first. */
export const RECORD_KEY = 'mopt.training'

/** A file and its SHA-256; only the last part of its path. */
export interface Digest {
  readonly file: string
  readonly sha256: string
}

/** What a training was made of: enough to tell later whether a model comes from the files that somebody has. */
export interface TrainingRecord {
  readonly command: string
  readonly start: Digest
  readonly teacher?: Digest
  readonly data: readonly Digest[]
  readonly eval?: readonly Digest[]
  /** As asked for: `auto`, or nothing where a rule decides. */
  readonly settings: Readonly<Record<string, unknown>>
  /** What was decided where the settings left it open. */
  readonly chosen?: Readonly<Record<string, number>>
}

/** What goes into a record. */
export interface RecordParts {
  readonly command: string
  readonly start: OpenedModel
  readonly teacher: OpenedModel | undefined
  readonly learn: DataSpec
  readonly judge: DataSpec | undefined
  readonly options: Pick<TrainingRooms, 'training' | 'judge' | 'run' | 'data'>
  /** What else decides the weights. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined
}

/** Digests all files of a training. No clock, no folder: the same training gives the same record. */
export async function trainingRecord(parts: RecordParts): Promise<TrainingRecord> {
  const {command, start, teacher, learn, judge, options, settings} = parts
  const isHeldOut = judge !== undefined && judge.path !== learn.path
  return {
    command,
    start: await digestOfModel(start),
    ...(teacher && {teacher: await digestOfModel(teacher)}),
    data: await digestsOfData(learn),
    ...(isHeldOut && {eval: await digestsOfData(judge)}),
    settings: {...settingsOf(options), ...settings},
  }
}

/** The metadata of a model with a record behind those it has. A value that is no list of records is left out. */
export function withRecord(metadata: ReadonlyMap<string, string>, record: TrainingRecord): Map<string, string> {
  return new Map([...metadata, [RECORD_KEY, JSON.stringify([...recordsOf(metadata.get(RECORD_KEY)), record])]])
}

function recordsOf(text: string | undefined): readonly unknown[] {
  try {
    const records: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(records) ? records : []
  } catch {
    return []
  }
}

async function digestOfModel({path, files}: OpenedModel): Promise<Digest> {
  return {file: basename(path), sha256: await digestFiles(files)}
}

async function digestsOfData({path, labels}: DataSpec): Promise<Digest[]> {
  const beside = labels ?? (await findLabelsBeside(path))
  const paths = beside === undefined ? [path] : [path, beside]
  return Promise.all(paths.map(async (one) => ({file: basename(one), sha256: await digestPath(one)})))
}

/** What decides the weights, with what stands in files or is the same on every machine left out. */
function settingsOf({training, judge, run, data}: RecordParts['options']): Record<string, unknown> {
  const {checkpoint: _, resume: __, features, featureWeight, freeze, augment, ...settings} = training
  const {metric, outputName} = judge
  const {seed, threads, provider} = run
  const {limit, offset, shuffle} = data
  const given = {
    ...{...settings, metric, outputName},
    ...(features.length > 0 && {features, featureWeight}),
    ...(freeze.length > 0 && {freeze}),
    ...(augment.length > 0 && {augment}),
    ...{seed, limit, offset, shuffle, threads, provider},
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
