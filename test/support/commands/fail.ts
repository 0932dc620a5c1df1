import {Flags} from '@oclif/core'
import {BaseCommand} from '../../../src/cli/base-command.js'
import {DataError} from '../../../src/errors.js'

const FAILURES: Readonly<Record<string, () => unknown>> = {
  data: () => new DataError('x: expected [N, 4],\n  got [N, 3]', {hint: 'pass --map', cause: new Error('the cause')}),
  bug: () => new TypeError('cannot read this'),
}

/** A verb that throws what it is told to. */
export default class Fail extends BaseCommand {
  static override summary = 'fail'
  static override flags = {
    as: Flags.option({options: Object.keys(FAILURES), required: true})(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Fail)
    throw FAILURES[flags.as as string]?.()
  }
}
