import {expect} from 'chai'
import type {Batch, Dataset, InputPort} from '../../src/data/dataset.js'
import {MoptError} from '../../src/errors.js'
import type {Dim} from '../../src/ir/dim.js'
import type {DType} from '../../src/ir/dtype.js'

export function port(name: string, dtype: DType, shape: readonly Dim[] | undefined): InputPort {
  return {name, dtype, shape}
}

export async function readBatches(dataset: Dataset, batchSize: number): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const batch of dataset.batches(batchSize)) batches.push(batch)
  return batches
}

/** All real values of one input, padding cut. */
export async function readValues(dataset: Dataset, input: string, batchSize = 3): Promise<number[]> {
  const batches = await readBatches(dataset, batchSize)
  return batches.flatMap(({inputs, size}) => {
    const {data, shape} = inputs[input] as Batch['inputs'][string]
    return Array.from(data as ArrayLike<number | bigint>, Number).slice(0, (data.length / (shape[0] as number)) * size)
  })
}

/** The deliberate error a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<MoptError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).to.be.instanceOf(MoptError)
  return error as MoptError
}
