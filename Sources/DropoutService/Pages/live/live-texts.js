// All that the page says, in English and Chinese, and how a text is chosen. `{name}` is the place of a value.

import { state } from './live-state.js';
import { forestTexts } from './live-texts-forest.js';
import { trainingTexts } from './live-texts-training.js';

export const texts = {
  skip: ['To the first panel', '跳到第一个面板'],
  title: ['dropout, live', 'dropout 现场演示'],
  panels: ['Panels', '面板'],
  controls: ['Controls', '控制'],
  lead: [
    'In training, dropout switches off each unit of a network at random and divides what remains by the probability to keep. In the test the whole network runs. Every number below is an answer of this server.',
    '训练时，dropout 随机“关闭”网络中的一些神经元，并把留下的值除以保留概率；测试时使用整个网络。下面的每个数字都由本服务器算出。',
  ],
  keep: ['keep', '保留概率 keep'],
  'keep-says': ['{keep} (rate {rate})', '{keep}（丢弃率 {rate}）'],
  seed: ['seed', '种子'],
  dice: ['another seed', '换一个种子'],
  step: ['step', '步'],
  mode: ['mode', '模式'],
  'mode-train': ['training', '训练'],
  'mode-eval': ['testing', '测试'],
  scheme: ['scheme', '方案'],
  'scheme-inverted': ['inverted', '反向（inverted）'],
  'scheme-classic': ['classic', '经典（classic）'],
  play: ['Play', '播放'],
  stop: ['Stop', '停止'],
  next: ['Next mask', '下一个掩码'],
  reset: ['Reset', '重置'],
  token: ['This server asks for a key:', '本服务器需要密钥：'],
  'token-use': ['Use it', '使用'],
  'token-note': [
    'The page keeps it until this tab is closed, and sends it to this server only.',
    '密钥只保存到关闭此标签页为止，并且只发给本服务器。',
  ],
  unreachable: ['the server does not answer ({reason})', '服务器没有回答（{reason}）'],
  copy: ['Copy', '复制'],
  copied: ['Copied', '已复制'],
  and: ['and', '和'],
  request: ['Its request', '对应的请求'],
  'request-says': ['Its request: {path}, answered in {ms} ms', '对应的请求：{path}，{ms} 毫秒内答复'],
  'request-which': ['request', '请求'],
  'request-language': ['Language', '语言'],
  'request-pass': ['the pass', '本次前向传播'],
  'request-product': ['A1·D1, not divided', 'A1·D1，不除'],
  'request-passes': ['the passes', '多次前向传播'],
  'request-every': ['all sub-networks', '全部子网络'],
  'request-tested': ['the whole network, tested', '整个网络（测试）'],
  'request-train': ['the last training steps with dropout', '用 dropout 的最近几步训练'],
  'request-map': ['the map with dropout', '用 dropout 的决策图'],
  'request-spread': ['the uncertainty', '不确定性'],
  steps: ['Step by step', '逐步计算'],
  'steps-lead': [
    'The example of the article. Point at a cell, or move to it with Tab and the arrow keys, to see where it comes from. Press a cell of D1 to keep or drop it.',
    '文章中的例子。指向一个格子（或用 Tab 键和方向键移动）即可看到它的算式。按 D1 的格子可以保留或丢弃它。',
  ],
  article: ['The draws that the article prints', '使用文章中印出的随机数'],
  'draw-for': ['one draw for', '每次抽取针对'],
  'draw-element': ['a draw for each example (the code of the article)', '每个样本各抽一次（文章的代码）'],
  'draw-unit': ['a draw for each unit (the figure of the article)', '每个神经元抽一次（文章的图）'],
  'table-draws': ['draws', '随机数'],
  'arithmetic-hint': ['Point at a cell to see its arithmetic.', '指向一个格子，查看它的算式。'],
  'cell-x': ['feature {feature} of example {example} is {value}', '样本 {example} 的特征 {feature} 是 {value}'],
  'cell-w1': [
    'the weight from feature {feature} to unit {unit} is {value}',
    '从特征 {feature} 到神经元 {unit} 的权重是 {value}',
  ],
  'cell-b': ['the bias of each unit is {value}', '每个神经元的偏置是 {value}'],
  'cell-w2': ['the weight from unit {unit} to the output is {value}', '从神经元 {unit} 到输出的权重是 {value}'],
  'cell-d1': ['keep unit {unit} of example {example}', '保留样本 {example} 的神经元 {unit}'],
  'cell-unchanged': [
    'the inverted scheme changes nothing in the test: {value}',
    '反向方案在测试时什么都不改变：{value}',
  ],
  kept: ['kept', '保留'],
  dropped: ['dropped', '丢弃'],
  since: ['{kept}, since {draw} {sign} {keep}', '{kept}，因为 {draw} {sign} {keep}'],
  'by-hand': ['{kept} by hand', '手动{kept}'],
  'no-draw': ['{kept}: nothing is drawn with keep {keep}', '{kept}：keep 为 {keep} 时不抽取'],
  'click-drop': ['(press to drop it)', '（按下即丢弃）'],
  'click-keep': ['(press to keep it)', '（按下即保留）'],
  'check-fine': [
    '{kept} of {of} kept. The sum of the layer is {sum}; the average over all masks is {expected}. The distance is {z} standard errors: chance explains it.',
    '{of} 个中保留了 {kept} 个。本层的和是 {sum}，对所有掩码的平均是 {expected}。相差 {z} 个标准误差：这是正常的随机波动。',
  ],
  'check-odd': [
    '{kept} of {of} kept. The sum of the layer is {sum}; the average over all masks is {expected}. The distance is {z} standard errors: chance alone rarely does that.',
    '{of} 个中保留了 {kept} 个。本层的和是 {sum}，对所有掩码的平均是 {expected}。相差 {z} 个标准误差：仅靠随机很少会这样。',
  ],
  'check-eval-inverted': [
    'In the test nothing is dropped. The inverted scheme has divided in training already, so it changes nothing here.',
    '测试时不丢弃任何神经元。反向方案在训练时已经除过，这里不需要改变。',
  ],
  'check-eval-classic': [
    'In the test nothing is dropped. The classic scheme did not divide in training, so it multiplies by keep = {keep} here.',
    '测试时不丢弃任何神经元。经典方案在训练时没有除，所以这里乘以 keep = {keep}。',
  ],

  share: ['Share and hide', '分享与隐藏'],
  'share-lead': [
    'The address has all that you have set. Uncheck the panels that a lesson does not need, then copy the link.',
    '网址里包含你的全部设置。去掉课堂上不需要的面板，然后复制链接。',
  ],
  'share-copy': ['Copy the link', '复制链接'],
  'to-docs': ['Reference of all routes', '全部路由的参考'],
  'to-contract': ['openapi.yaml', 'openapi.yaml'],
  'to-article': ['The article (Chinese)', '原文章'],
  'to-paper': ['The paper of 2014', '2014 年的论文'],
  ...forestTexts,
  ...trainingTexts,
};

const languages = ['en', 'zh'];

/** A text in the chosen language, with its values. `otherwise` is for a name that the dictionary lacks. */
export function t(name, values = {}, otherwise = name) {
  const text = texts[name]?.[languages.indexOf(state.lang)] ?? otherwise;
  return text.replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place);
}

/** Writes the texts of the document: `data-t` is the name of the content, `data-t-label` that of the label. */
export function translate() {
  document.documentElement.lang = state.lang === 'zh' ? 'zh-CN' : 'en';
  document.title = t('title');
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  }
}
