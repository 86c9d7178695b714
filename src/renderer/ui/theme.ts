import { createTheme, defaultVariantColorsResolver, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Ink blue: 7 carries white text in light windows, 3 carries ink in dark ones. */
const ink: MantineColorsTuple = [
  '#eef4fa',
  '#d8e6f3',
  '#aecbe6',
  '#7fb2e5',
  '#5795cf',
  '#3a79b3',
  '#2a6299',
  '#1f4e79',
  '#183e61',
  '#112c46',
];
/** Warm greys, light to dark; 6 is the faintest that still reads at 4.5:1 on white. */
const gray: MantineColorsTuple = [
  '#faf9f7',
  '#f4f2ef',
  '#eae7e2',
  '#dcd8d1',
  '#c3beb5',
  '#9c968c',
  '#68635b',
  '#514d47',
  '#35322e',
  '#1f1d1a',
];
const dark: MantineColorsTuple = [
  '#e9e6e1',
  '#d3cfc8',
  '#aaa59c',
  '#868177',
  '#4a4741',
  '#3a3833',
  '#2c2a27',
  '#211f1d',
  '#191816',
  '#12110f',
];
const red: MantineColorsTuple = [
  '#fdf0ee',
  '#fadbd7',
  '#f3b5ae',
  '#f19a90',
  '#dd6559',
  '#c8443a',
  '#b3261e',
  '#9a1f18',
  '#7d1913',
  '#5e120d',
];
const amber: MantineColorsTuple = [
  '#fff6e3',
  '#fdeac3',
  '#f9d68e',
  '#f0bd5b',
  '#d99a26',
  '#b97a0b',
  '#925d00',
  '#7a4e00',
  '#5f3d00',
  '#452c00',
];
const green: MantineColorsTuple = [
  '#eef6ef',
  '#d8ebdb',
  '#aed5b5',
  '#86c391',
  '#58a568',
  '#3c8a4e',
  '#2b7140',
  '#205a32',
  '#184626',
  '#10321a',
];

/** Colours of people in a letter: caret and flag, and the ground behind what they selected. None is that of what blocks, asks or is done, nor of what oneself selected. */
export const people = {
  light: ['#6d3bb0', '#00666b', '#a3246f', '#6a4a3a', '#565d00', '#4a5568'],
  lightSoft: ['#e9def8', '#d3eeee', '#f9dcec', '#f0e2da', '#eaeccb', '#e3e7ed'],
  dark: ['#b79aef', '#5cc4c4', '#ee8fc4', '#d8a98c', '#c2c95c', '#b0bccd'],
  darkSoft: ['#42345c', '#1d4546', '#55284a', '#4f3a2e', '#41441c', '#39424f'],
} as const;
export const personHues = people.light.length;
const peopleVariables = (strong: readonly string[], soft: readonly string[]): Record<string, string> =>
  Object.fromEntries<string>([
    ...strong.map((color, hue) => [`--steno-person-${String(hue)}`, color] as const),
    ...soft.map((color, hue) => [`--steno-person-soft-${String(hue)}`, color] as const),
  ]);

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  // autoContrast decides when a button is drawn; a window that turns dark afterwards would keep white on light blue
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    return input.variant === 'filled' && (input.color ?? 'ink') === 'ink' ? { ...colors, color: 'var(--steno-on-accent)' } : colors;
  },
  colors: { ink, gray, dark, red, amber, green },
  black: '#1f1d1a',
  fontFamily: "Inter, system-ui, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Consolas, monospace",
  headings: { fontFamily: "Inter, system-ui, 'Segoe UI', sans-serif", fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.5' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' }, styles: { root: { fontSize: '13px', fontWeight: 500, height: '30px' } } },
    TextInput: {
      defaultProps: { size: 'xs' },
      styles: { input: { fontSize: '13px', height: '30px' }, label: { marginBottom: '4px', fontSize: '13px' } },
    },
    PasswordInput: {
      defaultProps: { size: 'xs' },
      styles: { input: { fontSize: '13px' }, innerInput: { fontSize: '13px' }, label: { marginBottom: '4px', fontSize: '13px' } },
    },
    Textarea: { defaultProps: { size: 'xs' }, styles: { input: { fontSize: '13px' }, label: { marginBottom: '4px', fontSize: '13px' } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, transitionProps: { duration: 80 } } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Notification: { defaultProps: { radius: 'md' } },
  },
});

/** What the interface is made of beyond Mantine's own variables; every stylesheet reads its colours from here. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--steno-serif': "'Source Serif 4', Georgia, serif", '--steno-row': '32px', '--steno-page-width': '816px' },
  light: {
    ...peopleVariables(people.light, people.lightSoft),
    '--steno-on-person': '#ffffff',
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-body': '#ffffff',
    '--mantine-color-placeholder': gray[6],
    '--steno-text': '#1f1d1a',
    '--steno-quiet': gray[6],
    '--steno-line': gray[2],
    '--steno-line-strong': gray[3],
    '--steno-panel': gray[0],
    '--steno-canvas': '#eceae6',
    '--steno-hover': gray[1],
    '--steno-selected': '#e6eff8',
    '--steno-accent': ink[7],
    '--steno-on-accent': '#ffffff',
    '--steno-accent-soft': ink[0],
    '--steno-accent-line': ink[2],
    '--steno-block': red[7],
    '--steno-block-soft': red[0],
    '--steno-block-line': red[2],
    '--steno-ask': amber[7],
    '--steno-ask-soft': amber[0],
    '--steno-ask-line': amber[2],
    '--steno-done': green[7],
    '--steno-done-soft': green[0],
    '--steno-paper': '#ffffff',
    '--steno-paper-ink': '#1f1d1a',
    '--steno-paper-shadow': '0 1px 3px rgb(31 29 26 / 0.16), 0 8px 24px rgb(31 29 26 / 0.07)',
    '--steno-mark': 'rgb(255 214 70 / 0.42)',
    '--steno-mark-edge': 'rgb(176 122 0 / 0.85)',
    '--steno-shadow': '0 8px 28px rgb(31 29 26 / 0.18)',
  },
  dark: {
    ...peopleVariables(people.dark, people.darkSoft),
    '--steno-on-person': dark[9],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-body': dark[7],
    '--mantine-color-text': dark[0],
    '--mantine-color-placeholder': dark[2],
    '--steno-text': dark[0],
    '--steno-quiet': dark[2],
    '--steno-line': '#35332f',
    '--steno-line-strong': dark[4],
    '--steno-panel': '#262422',
    '--steno-canvas': '#171614',
    '--steno-hover': dark[6],
    '--steno-selected': '#22344a',
    '--steno-accent': ink[3],
    '--steno-on-accent': dark[9],
    '--steno-accent-soft': '#203040',
    '--steno-accent-line': '#38536e',
    '--steno-block': red[3],
    '--steno-block-soft': '#3a211e',
    '--steno-block-line': '#6b352f',
    '--steno-ask': amber[3],
    '--steno-ask-soft': '#352a17',
    '--steno-ask-line': '#67512a',
    '--steno-done': green[3],
    '--steno-done-soft': '#1f3124',
    '--steno-paper': '#272523',
    '--steno-paper-ink': '#efece7',
    '--steno-paper-shadow': '0 1px 3px rgb(0 0 0 / 0.5), 0 8px 24px rgb(0 0 0 / 0.3)',
    '--steno-mark': 'rgb(255 208 50 / 0.45)',
    '--steno-mark-edge': 'rgb(170 115 0 / 0.95)',
    '--steno-shadow': '0 8px 28px rgb(0 0 0 / 0.55)',
  },
});
