"""Writes fixtures/gradients/curves.npz: losses of the first steps of training, computed by PyTorch in float64.

Run from the root of the repository with Debian's python3-torch and python3-onnx:
    python3 test/support/torch-curves.py
Every net starts from half of its weights, moved by 0.02 · sin(i + 1) for the i-th element, and takes the first samples of the
fixtures in their order, images with a wave of 0.1 · sin(i + 1) on them: where pixels of a window are equal, PyTorch gives the
gradient of their maximum to the first, mopt a part to each. An array per net and optimizer, `<net>:<adam or sgd>`; test/full/curves.test.ts has the same numbers.
"""
import gzip
import importlib

import numpy
import onnx
import torch
from onnx import numpy_helper

interpreter = importlib.import_module('torch-gradients')
STEPS = 20
OPTIMIZERS = {
    'adam': lambda weights, pace: torch.optim.Adam(weights, lr=pace * 1e-3),
    'sgd': lambda weights, pace: torch.optim.SGD(weights, lr=pace * 1e-2, momentum=0.9),
}
# at full pace convolutions are so sensitive that PyTorch in float32 loses its own float64 within the first steps
PACE = {'resnet8_fm_bn': 0.05, 'cnn_fm': 0.2}


def images(count):
    def read(name, offset):
        with gzip.open(f'fixtures/fashion-mnist/t10k-{name}.gz') as file:
            return numpy.frombuffer(file.read()[offset:], numpy.uint8)

    pixels = read('images-idx3-ubyte', 16).reshape(-1, 1, 28, 28)[:count].astype(numpy.float32)
    scaled = ((pixels / numpy.float32(255) - numpy.float32(0.286)) / numpy.float32(0.353)).astype(numpy.float64)
    wave = 0.1 * numpy.sin(numpy.arange(1, scaled.size + 1, dtype=numpy.float64)).reshape(scaled.shape)
    return {'input': (scaled + wave).astype(numpy.float32)}, read('labels-idx1-ubyte', 8)[:count]


def mails(count):
    arrays = numpy.load('fixtures/spam/spam_train.npz')
    return {key: arrays[key][:count] for key in ('input_ids', 'attention_mask')}, arrays['label'][:count]


def start(graph):
    """Initializers by name, and what of them is trained: everything with a gradient."""
    values, weights = {}, []
    for initializer in graph.initializer:
        array = numpy_helper.to_array(initializer)
        if array.dtype == numpy.float32 and array.ndim > 0 and not initializer.name.endswith(('running_mean', 'running_var')):
            wave = 0.02 * numpy.sin(numpy.arange(1, array.size + 1, dtype=numpy.float64)).reshape(array.shape)
            array = (array.astype(numpy.float64) * 0.5 + wave).astype(numpy.float32)
            weights.append(torch.tensor(array).double().requires_grad_())
            values[initializer.name] = weights[-1]
        else:
            values[initializer.name] = interpreter.widen(torch.tensor(array))
    return values, weights


def untie(graph, values, weights):
    """Exporters store equal biases once; trained, each layer has its own."""
    for node in graph.node:
        if node.op_type == 'Identity' and node.input[0] in values:
            weights.append(values[node.input[0]].detach().clone().requires_grad_())
            values[node.output[0]] = weights[-1]


def curve(name, optimizer_of, batch):
    graph = onnx.load(f'fixtures/models/{name}.onnx').graph
    feeds, labels = (mails if name.endswith('spam') else images)(STEPS * batch)
    fixed, weights = start(graph)
    untie(graph, fixed, weights)
    optimizer = optimizer_of(weights, PACE.get(name, 1))
    losses = []
    for step in range(STEPS):
        rows = slice(step * batch, (step + 1) * batch)
        values = {**fixed, **{key: interpreter.widen(torch.tensor(array[rows])) for key, array in feeds.items()}}
        for node in graph.node:
            if node.output[0] in fixed:
                continue
            inputs = [values[i] if i else None for i in node.input]
            result = interpreter.run(node, interpreter.attributes(node), inputs, name.endswith('_bn'))
            values[node.output[0]] = interpreter.widen(result)
        logits = values[graph.output[0].name]
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels[rows].astype(numpy.int64)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return numpy.array(losses)


def main():
    curves = {}
    for name, batch in {'mlp_fm': 16, 'cnn_fm': 16, 'lstm_spam': 8, 'bert_spam': 8, 'resnet8_fm_bn': 16}.items():
        for kind, optimizer in OPTIMIZERS.items():
            curves[f'{name}:{kind}'] = curve(name, optimizer, batch)
            print(name, kind, curves[f'{name}:{kind}'].round(4))
    numpy.savez_compressed('fixtures/gradients/curves.npz', **curves)


main()
