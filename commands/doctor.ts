import {BaseCommand} from '../src/cli/base-command.js'
import {doctorSummary} from '../src/cli/doctor-summary.js'
import {doctor} from '../src/pipelines/doctor/doctor.js'
import type {DoctorResult} from '../src/results.js'

export default class Doctor extends BaseCommand {
  static override summary = 'CPU features that decide int8 speed, and providers that load'
  static override usage = 'doctor [flags]'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<DoctorResult> {
    await this.parse(Doctor)
    const result = await doctor({signal: this.signal})
    this.log(doctorSummary(result))
    return this.finish(result)
  }
}
