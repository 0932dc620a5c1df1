import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.js'
import {flagsOf} from '../src/cli/flags-of.js'
import {refuseStdin} from '../src/cli/model-arg.js'
import {optionsOf} from '../src/cli/options-of.js'
import {bold, table} from '../src/cli/table.js'
import {visible} from '../src/cli/visible.js'
import {benchOptions} from '../src/options/bench.js'
import {bench, benchTables, headlines, profileTables} from '../src/pipelines/bench/bench.js'
import type {BenchResult} from '../src/results.js'

export default class Bench extends BaseCommand {
  static override summary = 'latency, throughput, memory, size and accuracy; the first model is the baseline'
  static override usage = 'bench MODEL... [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> fixtures/models/mlp_fm.onnx fixtures/models/cnn_fm.onnx --report bench.md',
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx --data fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz --mean 0.286 --std 0.353 --max-latency p95=50ms',
    '<%= config.bin %> <%= command.id %> fixtures/models/mlp_fm.onnx --batch 1,8 --runs 50 --json',
  ]
  static override args = {
    models: Args.string({
      required: true,
      multiple: true,
      description: 'ONNX models, the baseline first',
      parse: async (path) => refuseStdin(path),
    }),
  }
  static override flags = flagsOf(benchOptions)

  async run(): Promise<BenchResult> {
    const {args, flags} = await this.parse(Bench)
    const result = await bench(args.models, optionsOf(benchOptions, flags), this.effects)
    for (const {title, head, rows, right} of [...benchTables(result), ...profileTables(result)]) {
      this.log(bold(title))
      this.log(`${table(head, rows, {right})}\n`)
    }
    for (const {setting, first, others} of headlines(result)) {
      this.log([`${setting}: ${first}`, ...others].map(visible).join('\n'))
    }
    return this.finish(result)
  }
}
