// The texts of the panels "network" and "forest".

export const forestTexts = {
  network: ['The network', '网络'],
  'network-lead': [
    'What the mask does to the network. A dropped unit is crossed out, and its edges are erased. A wider edge has a larger weight.',
    '掩码对网络的作用：被丢弃的神经元打叉，它的连接一并“抹去”。线越粗，权重越大。',
  ],
  example: ['example', '样本'],
  'example-1': ['first example', '第一个样本'],
  'example-2': ['second example', '第二个样本'],
  'network-whole': ['the whole network, in the test', '整个网络（测试时）'],
  'network-thinned': ['after dropout', 'dropout 之后'],
  'network-tested': ['now: in the test, too', '现在：也是测试'],
  'network-whole-label': ['the whole network with all {all} edges', '整个网络，共 {all} 条连接'],
  'network-dropped': [
    'Dropped units: {units}. Kept: {kept} of {of} units and {edges} of {all} edges. The output is {output}.',
    '丢弃的神经元：{units}。保留：{of} 个神经元中的 {kept} 个，{all} 条连接中的 {edges} 条。输出是 {output}。',
  ],
  'network-none': [
    'No unit is dropped: {kept} of {of} units and {edges} of {all} edges. The output is {output}.',
    '没有神经元被丢弃：{of} 个神经元中保留 {kept} 个，{all} 条连接中保留 {edges} 条。输出是 {output}。',
  ],
  'network-eval': [
    'In the test no unit is dropped. The output is {output}.',
    '测试时没有神经元被丢弃。输出是 {output}。',
  ],
  forest: ['The forest', '森林'],
  'forest-lead': [
    'Each mask makes a sub-network, a tree of the forest. The mean of their outputs comes near to the output of the whole network in the test. That is why one network can stand for all of them.',
    '每个掩码构成一个子网络（sub-network），就像森林里的一棵树。它们输出的平均值接近测试时整个网络的输出，所以一个网络可以代表全部子网络。',
  ],
  'forest-show': ['sub-networks', '子网络'],
  'forest-seen': ['those seen', '已见到的'],
  'forest-all': ['all of them', '全部'],
  'forest-random': ['1000 random passes', '1000 次随机传播'],
  'forest-counts': [
    'Seen: {seen} of {of} sub-networks in {passes} passes. Mean of the passes {mean}; exact mean over all masks {exact}; whole network in the test {test}.',
    '{passes} 次传播中见到 {of} 个子网络中的 {seen} 个。这些传播的平均 {mean}；对所有掩码的精确平均 {exact}；测试时的整个网络 {test}。',
  ],
  'forest-counts-one': [
    'Seen: {seen} of {of} sub-networks in one pass, with the output {mean}. Exact mean over all masks {exact}; whole network in the test {test}. Press “Next mask” or “Play” for more.',
    '一次传播，见到 {of} 个子网络中的 {seen} 个，输出 {mean}。对所有掩码的精确平均 {exact}；测试时的整个网络 {test}。按“下一个掩码”或“播放”看更多。',
  ],
  'tree-label': [
    'sub-network {units}, output {output}, probability {probability} %, seen {count} times',
    '子网络 {units}，输出 {output}，概率 {probability} %，见到 {count} 次',
  ],
  'forest-axis': ['passes', '传播次数'],
  'legend-mean': ['mean of the passes', '这些传播的平均'],
  'legend-interval': ['95 %: {low} to {high}', '95 %：{low} 到 {high}'],
  'legend-exact': ['exact mean over all masks', '对所有掩码的精确平均'],
  'legend-tested': ['whole network in the test', '测试时的整个网络'],
  'not-scaled': ['not scaled', '没有缩放'],
  'scaled-twice': ['scaled twice', '缩放了两次'],
  exchanged: ['keep and rate exchanged', 'keep 与 rate 弄反'],
  'not-scaled-inverted': ['training does not divide by {keep}', '训练时没有除以 {keep}'],
  'scaled-twice-inverted': ['training divides by {keep} twice', '训练时除了两次 {keep}'],
  'exchanged-inverted': ['training divides by {rate} instead of {keep}', '训练时除以 {rate}，而不是 {keep}'],
  'not-scaled-classic': ['the test does not multiply by {keep}', '测试时没有乘以 {keep}'],
  'scaled-twice-classic': ['the test multiplies by {keep} twice', '测试时乘了两次 {keep}'],
  'exchanged-classic': ['the test multiplies by {rate} instead of {keep}', '测试时乘以 {rate}，而不是 {keep}'],
  'forest-why-inverted': [
    'The dashed lines are known mistakes: the same passes with a wrong scale. Their mean never meets the test.',
    '虚线是常见的错误：同样的传播，缩放却不对。它们的平均永远不会与测试相符。',
  ],
  'forest-why-classic': [
    'The dashed lines are known mistakes: tests with a wrong scale. The mean of the passes never meets them.',
    '虚线是常见的错误：测试时缩放不对。传播的平均永远不会与它们相符。',
  ],
};
