/** The letter's own face, in the four cuts a letter uses; the same files go into the PDF. */
import '@fontsource/source-serif-4/latin-400.css';
import '@fontsource/source-serif-4/latin-400-italic.css';
import '@fontsource/source-serif-4/latin-700.css';
import '@fontsource/source-serif-4/latin-700-italic.css';
