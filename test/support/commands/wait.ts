import {once} from 'node:events'
import {setTimeout as delay} from 'node:timers/promises'
import {Flags} from '@oclif/core'
import {BaseCommand} from '../../../src/cli/base-command.js'

/** A verb that works until it is interrupted, and takes a moment to clean up. */
export default class Wait extends BaseCommand {
  static override summary = 'wait for a signal'
  static override flags = {stubborn: Flags.boolean({summary: 'never stop cleaning up'})}

  async run(): Promise<void> {
    const {flags} = await this.parse(Wait)
    this.log('ready')
    const keepAlive = setInterval(() => {}, 1000)
    await once(this.signal, 'abort')
    this.log('cleaning up')
    await delay(flags.stubborn ? 60_000 : 10)
    clearInterval(keepAlive)
    throw new Error('work stopped in the middle')
  }
}
