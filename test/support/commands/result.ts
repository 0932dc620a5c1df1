import {Flags} from '@oclif/core'
import {BaseCommand} from '../../../src/cli/base-command.js'
import type {BudgetCheck} from '../../../src/results.js'

const CHECK: BudgetCheck = {
  name: 'max-size',
  limit: '30%',
  actual: '41%',
  passed: false,
  model: 'small.onnx',
  provider: 'cpu',
  batch: 1,
  threads: 1,
}

/** A verb with a result: figures JSON has no word for, a warning, and a budget that can be missed. */
export default class Result extends BaseCommand {
  static override summary = 'give a result'
  static override flags = {miss: Flags.boolean()}

  async run() {
    const {flags} = await this.parse(Result)
    this.log('100%s done %')
    if (flags.verbose) this.log('more')
    return this.finish({
      schemaVersion: 1,
      command: 'result',
      warnings: [{code: 'NOISY', message: 'the machine is busy', hint: 'close other programs'}],
      figures: {nan: Number.NaN, infinite: Number.POSITIVE_INFINITY, big: 3n},
      budget: {
        passed: !flags.miss,
        checks: [
          {...CHECK, passed: !flags.miss},
          {...CHECK, passed: true},
        ],
      },
    })
  }
}
