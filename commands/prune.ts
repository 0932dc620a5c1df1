import {Flags as OclifFlags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.js'
import {flagsOf} from '../src/cli/flags-of.js'
import {groupsSummary} from '../src/cli/groups-summary.js'
import {modelArg} from '../src/cli/model-arg.js'
import {optionsOf} from '../src/cli/options-of.js'
import {requireEpochs} from '../src/cli/recovery-flags.js'
import {pruneSummary} from '../src/cli/writing-summary.js'
import {pruneOptions} from '../src/options/prune.js'
import {listGroups} from '../src/pipelines/prune/list-groups.js'
import {prune} from '../src/pipelines/prune/prune.js'
import type {PruneGroupsResult, PruneResult} from '../src/results.js'

export default class Prune extends BaseCommand {
  static override summary =
    'set the least important weights of a model to zero, or remove its least important channels or heads'
  static override description =
    `Without training, by magnitude alone, this is honest up to about 30 %: judge the rest with --eval.
With --epochs weights go little by little, and those that stay learn to do without them, from labels or from the dense model.
Zeros compress well; no kernel gets faster by them. With --structure channel or head what goes is really gone: fewer products,
a smaller file. --groups shows what belongs together.`
  static override usage = 'prune MODEL [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> fixtures/models/mlp_fm.onnx -o /tmp/ --sparsity 50%',
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx -o /tmp/ --scope layer --exclude fc2 --eval fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz --mean 0.286 --std 0.353 --max-drop 2%',
    '<%= config.bin %> <%= command.id %> fixtures/models/resnet8_fm.onnx --groups',
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx -o /tmp/ --structure channel --target macs=0.5',
    '<%= config.bin %> <%= command.id %> fixtures/models/mlp_fm.onnx -o /tmp/sparse.onnx --sparsity 80% --epochs 5 --data fixtures/fashion-mnist/train-images-idx3-ubyte.gz --mean 0.286 --std 0.353',
  ]
  static override args = {model: modelArg}
  static override flags = {
    ...flagsOf(pruneOptions),
    groups: OclifFlags.boolean({
      summary: 'print which channels, units and heads belong together and what hangs on them, and stop',
    }),
  }

  async run(): Promise<PruneResult | PruneGroupsResult> {
    const {args, flags, metadata} = await this.parse(Prune)
    if (flags.groups === true) {
      const result = await listGroups(args.model, optionsOf(pruneOptions, flags), this.effects)
      this.log(groupsSummary(result, flags.verbose === true))
      return this.finish(result)
    }
    requireEpochs(flags, (name) => metadata.flags[name]?.setFromDefault !== true)
    const result = await prune(args.model, optionsOf(pruneOptions, flags), this.effects)
    this.log(pruneSummary(result, flags.verbose === true))
    return this.finish(result)
  }
}
