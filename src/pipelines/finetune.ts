import type {FinetuneResult} from '../results.js'
import {openTeacher} from './open-teacher.js'
import type {Effects} from './options.js'
import {type TrainFileOptions, trainFile} from './train-file.js'

export interface FinetuneOptions extends TrainFileOptions {
  /** A model to learn from, beside labels or in their place. */
  readonly teacher?: string | undefined
}

/** Trains a model on: on labels, on what a teacher gives, or on both. Zeros stay zero. */
export async function finetune(path: string, options: FinetuneOptions, effects: Effects): Promise<FinetuneResult> {
  const teacher = options.teacher === undefined ? undefined : await openTeacher(options.teacher, options.map)
  try {
    const verb = {command: 'finetune', suffix: 'finetuned', keepZeros: true, teacher} as const
    return await trainFile(path, verb, options, effects)
  } finally {
    teacher?.file.close()
  }
}
