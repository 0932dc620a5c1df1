import type {Effects} from '../../effects.js'
import type {FinetuneResult} from '../../results.js'
import {feedMaps} from './feed-maps.js'
import {openTeacher} from './open-teacher.js'
import {type TrainFileOptions, type TrainingVerb, trainFile} from './train-file.js'

export interface FinetuneOptions extends TrainFileOptions {
  /** A model to learn from, beside labels or in their place. */
  readonly teacher?: string | undefined
  /** Which array feeds which input, of the model or of the teacher. */
  readonly mapPairs: readonly (readonly [array: string, input: string])[]
}

/** Trains a model on: on labels, on what a teacher gives, or on both. Zeros stay zero. */
export async function finetune(path: string, options: FinetuneOptions, effects: Effects): Promise<FinetuneResult> {
  const teacher = options.teacher === undefined ? undefined : await openTeacher(options.teacher)
  try {
    const maps = await feedMaps(options.mapPairs, path, teacher?.file.model.graph)
    const verb: TrainingVerb = {
      ...{command: 'finetune', suffix: 'finetuned', keepZeros: true},
      teacher: teacher && {...teacher, map: maps.teacher},
    }
    return await trainFile(path, verb, {...options, map: maps.student}, effects)
  } finally {
    teacher?.file.close()
  }
}
