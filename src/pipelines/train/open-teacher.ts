import {basename, join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {BugError} from '../../errors.js'
import {type OpenedModel, openModel} from '../../io/open-model.js'
import {writeScratch} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import {ownEntry} from '../../ir/own-entry.js'
import {inferModel, opsetOf} from '../../ops/infer-graph.js'
import {upgradeModel} from '../../passes/upgrade/upgrade-model.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import type {Teacher} from '../../train/step/add-teacher.js'
import {type KeptTeacher, keepTeacher} from '../../train/teacher/keep-teacher.js'
import type {WantedValue} from '../../train/teacher/teacher-request.js'
import {valueNamed} from './feature-pairs.js'
import {trainingCopy} from './training-copy.js'

/** A model to learn from. */
export interface OpenedTeacher {
  readonly file: OpenedModel
  /** Which array of the data feeds which of its inputs, where names differ. */
  readonly map: Readonly<Record<string, string>>
}

/** Opens a teacher and infers its types. @throws as `openModel`, ModelError. */
export async function openTeacher(path: string, map: Readonly<Record<string, string>> = {}): Promise<OpenedTeacher> {
  const file = await openModel(path)
  try {
    inferModel(file.model)
    return {file, map}
  } catch (error) {
    file.close()
    throw error
  }
}

export interface KeepRun {
  readonly values: readonly WantedValue[]
  readonly settings: SessionSettings
  readonly batch: number
  /** Temporary, for the teacher with its values as outputs, and for what it gives. */
  readonly folder: string
}

/** Runs a teacher over sets of samples, by their names, and keeps what it gives. */
export async function keepTeacherOutputs<Sets extends Readonly<Record<string, DataSpec>>>(
  {file, map}: OpenedTeacher,
  sets: Sets,
  {values, settings, batch, folder}: KeepRun,
  {signal, progress}: Effects,
): Promise<{[Name in keyof Sets]: KeptTeacher}> {
  const {graph} = file.model
  for (const {name} of values) {
    const value = valueNamed(graph, name)
    if (!value) throw new BugError(`${file.path} has no value '${name}'`)
    if (!graph.isOutput(value)) graph.addOutput(value)
  }
  const path = join(folder, basename(file.path))
  await writeScratch(file.model, path, {signal})
  const kept: [string, KeptTeacher][] = []
  for (const [name, spec] of Object.entries(sets)) {
    const data = {...spec, map}
    const request = {path, settings, data, batch, values, file: join(folder, `${name}.rows`)}
    const onProgress = (done: number, total: number): void => progress('asking the teacher', done, total)
    kept.push([name, await keepTeacher(basename(path), request, {signal, onProgress})])
  }
  return Object.fromEntries(kept) as {[Name in keyof Sets]: KeptTeacher}
}

export interface BesideStudent {
  /** In the form that is trained; its opset may rise. */
  readonly student: Model
  /** What losses read of the teacher. */
  readonly values: readonly WantedValue[]
  /** Of the student. */
  readonly data: DataSpec
}

/**
 * The teacher in a form that stands beside the student in one graph.
 */
export async function teacherBeside(
  {file, map}: OpenedTeacher,
  {student, values, data: {map: own = {}}}: BesideStudent,
): Promise<Teacher> {
  const model = await trainingCopy(
    file.model,
    file.path,
    values.map(({name}) => name),
  )
  const opset = Math.max(...[model, student].map((one) => opsetOf({domain: ''}, one)))
  for (const one of [model, student]) await upgradeModel(one, opset)
  const inputs = Object.entries(map).map(([array, input]) => [input, ownEntry(own, array) ?? array])
  return {model, inputs: Object.fromEntries(inputs)}
}
