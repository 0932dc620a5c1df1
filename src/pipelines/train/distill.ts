import type {Effects} from '../../effects.js'
import type {DistillResult} from '../../results.js'
import {feedMaps} from './feed-maps.js'
import {openTeacher} from './open-teacher.js'
import {type TrainFileOptions, type TrainingVerb, trainFile} from './train-file.js'

export interface DistillOptions extends TrainFileOptions {
  /** The model that learns. */
  readonly student: string
  /** Which array feeds which input, of the student or of the teacher. */
  readonly mapPairs: readonly (readonly [array: string, input: string])[]
}

/** Trains a student to answer like a teacher, on samples with or without labels. The result is held against the teacher. */
export async function distill(path: string, options: DistillOptions, effects: Effects): Promise<DistillResult> {
  const teacher = await openTeacher(path)
  try {
    const {file} = teacher
    const reference = {path, sizeBytes: file.sizeBytes, files: file.files}
    const maps = await feedMaps(options.mapPairs, options.student, file.model.graph)
    const verb: TrainingVerb = {
      ...{command: 'distill', suffix: 'distilled', keepZeros: true, reference},
      teacher: {...teacher, map: maps.teacher},
    }
    return await trainFile(options.student, verb, {...options, map: maps.student}, effects)
  } finally {
    teacher.file.close()
  }
}
