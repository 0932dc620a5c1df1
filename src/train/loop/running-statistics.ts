import type {TrainRequest} from './train-request.js'
import type {TrainState} from './train-state.js'

/** Keeps the running statistics of BatchNormalization up with the batches. */
export class RunningStatistics {
  /** What a step writes: the batch's, in the order of the request's statistics. */
  readonly batch: readonly Float32Array[]

  constructor(private readonly request: Pick<TrainRequest, 'parameters' | 'statistics' | 'initial'>) {
    const {parameters, initial} = request
    this.batch = initial.slice(parameters.length).map(({length}) => new Float32Array(length))
  }

  /** Moves the state's running statistics towards those of the last run, in place. */
  follow({weights}: TrainState): void {
    const {parameters, statistics} = this.request
    statistics.forEach(({momentum, scale}, index) => {
      const running = weights[parameters.length + index] as Float32Array
      blend(running, this.batch[index] as Float32Array, momentum, (1 - momentum) * scale)
    })
  }
}

function blend(running: Float32Array, batch: Float32Array, keep: number, take: number): void {
  for (let i = 0; i < running.length; i++) running[i] = keep * (running[i] as number) + take * (batch[i] as number)
}
