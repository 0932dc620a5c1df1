import type {Effects} from '../../effects.js'
import type {FinetuneOptions} from '../../options/training.js'
import type {FinetuneResult} from '../../results.js'
import {feedMaps} from './feed-maps.js'
import {openTeacher} from './open-teacher.js'
import {type TrainingVerb, trainFile} from './train-file.js'

/** Trains a model on: on labels, on what a teacher gives, or on both. Zeros stay zero. */
export async function finetune(path: string, options: FinetuneOptions, effects: Effects): Promise<FinetuneResult> {
  const {
    finetune: {teacher: teacherPath},
    data,
  } = options
  const teacher = teacherPath === undefined ? undefined : await openTeacher(teacherPath)
  try {
    const maps = await feedMaps(data.map, path, teacher?.file.model.graph)
    const verb: TrainingVerb = {
      ...{command: 'finetune', suffix: 'finetuned', keepZeros: true},
      teacher: teacher && {...teacher, map: maps.teacher},
    }
    return await trainFile(path, verb, {...options, data: {...data, map: maps.student}}, effects)
  } finally {
    teacher?.file.close()
  }
}
