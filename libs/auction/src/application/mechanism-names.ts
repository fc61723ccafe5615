/** The mechanisms a case can name, each with the words that a longer description of it may begin with. */
const leadingWords = {
  uniform: ['uniform', 'uniform-price', 'uniform price'],
  nodal: ['nodal', 'tree network', 'welfare-maximising clearing on a tree'],
  block: ['block', 'block order'],
  'unit-demand truthful': ['unit-demand truthful'],
  'multi-unit reduction': ['multi-unit reduction', 'huang'],
  'pro-rata': ['pro-rata'],
  'pay-as-bid': ['pay-as-bid'],
  'mid-market': ['mid-market'],
  mcafee: ['mcafee'],
  'trade-reduction': ['trade-reduction', 'trade reduction'],
  sbba: ['sbba'],
  'muda-lottery': ['muda', 'muda-lottery'],
  'muda-vickrey': ['muda-vickrey'],
  vcg: ['vcg'],
  'shared-gain': ['shared-gain', 'shared gain'],
} as const;

export type MechanismName = keyof typeof leadingWords;

export const mechanismNames = Object.keys(leadingWords) as MechanismName[];

/** The mechanism that a description names with its first words; undefined when it is none of ours. */
export function mechanismNamed(description: string): MechanismName | undefined {
  const words = description.trim().toLowerCase();
  return mechanismNames.find((name) =>
    leadingWords[name].some((lead) => words === lead || (words.startsWith(lead) && /[^\w-]/.test(words[lead.length]!))),
  );
}
