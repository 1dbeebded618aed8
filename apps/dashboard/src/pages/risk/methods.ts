/** Methods of value at risk in words; a method that is not here is shown by its name. */

interface MethodWords {
  readonly label: string;
  readonly text: string;
}

const METHODS: Readonly<Record<string, MethodWords>> = {
  historical: { label: 'Historical', text: 'The returns of the window as they were, each as likely as the others.' },
  parametric: { label: 'Parametric', text: 'A normal law with the covariances of the window.' },
  'student-t': { label: 'Student t', text: 'A law with fatter tails than the normal one, fitted to the window.' },
  filtered: {
    label: 'Filtered historical',
    text: 'The returns of the window, each scaled from the volatility of its own time to that of now.',
  },
  'monte-carlo': {
    label: 'Monte Carlo',
    text: 'Many draws from a law with the covariances of the window; the same seed each time.',
  },
};

export function methodWords(method: string): MethodWords {
  return METHODS[method] ?? { label: method, text: `The method ${method}.` };
}
