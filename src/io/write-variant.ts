import type {Model} from '../ir/model.js'
import {type OpenedModel, openModel} from './open-model.js'
import type {ReadOptions} from './read-model.js'
import {writeModel} from './write-model.js'

export interface VariantOptions {
  /** How the file is read. */
  readonly open?: ReadOptions | undefined
  /** Where weights go; `auto` when absent. */
  readonly externalData?: 'auto' | 'always' | 'never' | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes what a change makes of a file, which is read anew and stays as it is: for a comparison, a timing, a process that measures.
 *
 * @param change of the model, in place.
 * @returns what the change gives.
 * @throws as openModel and writeModel.
 */
export async function writeVariant<T>(
  path: string,
  target: string,
  change: (file: OpenedModel) => T | Promise<T>,
  {open, ...options}: VariantOptions = {},
): Promise<T> {
  const file = await openModel(path, open)
  try {
    const result = await change(file)
    await writeScratch(file.model, target, options)
    return result
  } finally {
    file.close()
  }
}

/** Writes a model as it stands to a file that is nobody's: one that is there is replaced. @throws as writeModel. */
export async function writeScratch(
  model: Model,
  target: string,
  {externalData = 'auto', signal}: Omit<VariantOptions, 'open'> = {},
): Promise<void> {
  await writeModel(model, target, {force: true, externalData, ...(signal && {signal})})
}
