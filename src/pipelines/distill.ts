import type {DistillResult} from '../results.js'
import {openTeacher} from './open-teacher.js'
import type {Effects} from './options.js'
import {type TrainFileOptions, trainFile} from './train-file.js'

export interface DistillOptions extends TrainFileOptions {
  /** The model that learns. */
  readonly student: string
}

/** Trains a student to answer like a teacher, on samples with or without labels. The result is held against the teacher. */
export async function distill(path: string, options: DistillOptions, effects: Effects): Promise<DistillResult> {
  const teacher = await openTeacher(path, options.map)
  try {
    const {file} = teacher
    const reference = {path, sizeBytes: file.sizeBytes, files: file.files}
    const verb = {command: 'distill', suffix: 'distilled', keepZeros: true, teacher, reference} as const
    return await trainFile(options.student, verb, options, effects)
  } finally {
    teacher.file.close()
  }
}
