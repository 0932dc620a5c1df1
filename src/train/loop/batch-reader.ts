import type {Batch, BatchInput, Dataset} from '../../data/dataset.js'
import {DataError} from '../../errors.js'
import {targetRows} from '../step/target-rows.js'
import type {TeacherRows} from '../teacher/teacher-rows.js'
import type {TrainRequest} from './train-request.js'

/**
 * Hands out batches with their targets; the files of the next one are being read while the caller works on the last. A run of the
 * runtime holds this thread, so pixels are turned into numbers between two runs.
 */
export class BatchReader {
  readonly #batches: AsyncIterator<Batch>
  #next: Promise<IteratorResult<Batch>>
  #done = 0

  constructor(
    private readonly request: Pick<TrainRequest, 'data' | 'labels' | 'batch'>,
    private readonly dataset: Dataset,
    private readonly teacher?: TeacherRows,
  ) {
    this.#batches = dataset.batches(request.batch, {reuse: true})[Symbol.asyncIterator]()
    this.#next = this.#read()
  }

  /** The inputs of the next step: samples, their labels, and what a teacher gave for them. @throws DataError as reading does. */
  async next(): Promise<Record<string, BatchInput>> {
    const {labels} = this.request
    const result = await this.#next
    this.#next = this.#read()
    if (result.done) throw new DataError(`${this.request.data.path}: expected more samples, the data ended early`)
    const from = this.#done
    this.#done += result.value.size
    return {
      ...result.value.inputs,
      ...(labels && {[labels.name]: targetRows(labels, this.dataset, from, this.request.data.path)}),
      ...this.#taught(from, result.value.size),
    }
  }

  #taught(from: number, count: number): Record<string, BatchInput> | undefined {
    return this.teacher?.feeds(Array.from({length: count}, (_, index) => this.dataset.keptAt(from + index)))
  }

  /** Lets go of the files. */
  async close(): Promise<void> {
    await this.#next.catch(() => undefined)
    await this.#batches.return?.()
  }

  #read(): Promise<IteratorResult<Batch>> {
    const next = this.#batches.next()
    // an error is told by who awaits it; until then it must not count as unhandled
    next.catch(() => undefined)
    return next
  }
}
