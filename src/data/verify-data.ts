import {stat} from 'node:fs/promises'
import {MoptError} from '../errors.js'
import type {DataSpec} from './dataset.js'
import {openArrays} from './open-arrays.js'

/**
 * Goes through a file's arrays once for all that read it, in whatever process, where the format has checksums.
 *
 * @returns the same samples, marked when every array is whole. What is damaged may be an array that nobody needs: it is left to
 *   `openData` to find out and to say.
 */
export async function verifyData(spec: DataSpec, signal?: AbortSignal): Promise<DataSpec> {
  try {
    if (!(await stat(spec.path)).isFile()) return spec
    const {arrays} = await openArrays({path: spec.path, ports: [], inputs: [], preprocess: {}})
    for (const array of arrays) await array.verify?.(signal)
    return {...spec, isVerified: true}
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof MoptError || (error instanceof Error && 'code' in error)) return spec
    throw error
  }
}
