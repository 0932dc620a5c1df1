import type {Effects} from '../../effects.js'
import type {DistillOptions} from '../../options/training.js'
import type {DistillResult} from '../../results.js'
import {feedMaps} from './feed-maps.js'
import {openTeacher} from './open-teacher.js'
import {type TrainingVerb, trainFile} from './train-file.js'

/**
 * Trains a student to answer like a teacher, on samples with or without labels. The result is held against the teacher.
 *
 * @param path of the teacher.
 */
export async function distill(path: string, options: DistillOptions, effects: Effects): Promise<DistillResult> {
  const {
    distill: {student},
    data,
  } = options
  const teacher = await openTeacher(path)
  try {
    const {file} = teacher
    const reference = {path, sizeBytes: file.sizeBytes, files: file.files}
    const maps = await feedMaps(data.map, student, file.model.graph)
    const verb: TrainingVerb = {
      ...{command: 'distill', suffix: 'distilled', keepZeros: true, reference},
      teacher: {...teacher, map: maps.teacher},
    }
    return await trainFile(student, verb, {...options, data: {...data, map: maps.student}}, effects)
  } finally {
    teacher.file.close()
  }
}
