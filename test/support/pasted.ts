/** HTML as Word, Outlook and browsers put it on the clipboard, in their own spelling, with invented text. */
export const wordHead = `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/Users/dana/AppData/Local/Temp/msohtmlclip1/01/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:TrackMoves/></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0in; font-size:11.0pt; font-family:"Calibri",sans-serif;} @list l0 {mso-list-id:1;} --></style></head><body lang=EN-US style='tab-interval:.5in'><!--StartFragment-->`;
export const wordTail = '<!--EndFragment--></body></html>';
export const fromWord = (body: string): string => `${wordHead}\n${body}\n${wordTail}`;

/** A paragraph of one of Word's lists. */
export const wordItem = (list: number, level: number, marker: string, text: string): string =>
  `<p class=MsoListParagraphCxSpMiddle style='margin-left:${String(level / 2)}in;text-indent:-.25in;mso-list:l${String(list)} level${String(level)} lfo1'><![if !supportLists]><span style='mso-bidi-font-family:Calibri'><span style='mso-list:Ignore'>${marker}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${text}<o:p></o:p></p>`;

export const wordLetter =
  fromWord(`<h1 style='margin-top:12.0pt'><b><span style='font-family:"Cambria",serif;color:#365F91'>Demand for Settlement<o:p></o:p></span></b></h1>
<p class=MsoNormal><span style='font-size:12.0pt;font-family:"Times New Roman",serif'>Dear <st1:PersonName w:st="on">Ms. Whitfield</st1:PersonName>:<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><span style='mso-spacerun:yes'>&nbsp; </span>Our client <b style='mso-bidi-font-weight:normal'>fell</b> on a <i>wet</i> <u>floor</u><a style='mso-comment-reference:DM_1;mso-comment-date:20240310T0912'></a><span class=MsoCommentReference><span style='font-size:8.0pt'><a class=msocomanchor id="_anchor_1" href="#_msocom_1">[DM1]</a></span></span>, as
<a href="https://example.com/report"><span style='color:blue'>the report</span></a> says.<ins cite="mailto:Dana" datetime="2024-03-10T09:12"> She was 41.</ins><del cite="mailto:Dana" datetime="2024-03-10T09:12"> She was 14.</del><span style='display:none;mso-hide:all'>PRIVILEGED</span></p>
<p class=MsoNormal>Amount<span style='mso-tab-count:2'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span>$1,200.00 &amp; costs &lt;est.&gt;</p>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="Picture_1" style='width:200pt'><v:imagedata src="file:///C:/clip_image001.png"/></v:shape><![endif]--><![if !vml]><img width=267 height=134 src="file:///C:/clip_image001.png" v:shapes="Picture_1"><![endif]></p>
<div style='mso-element:comment-list'><div style='mso-element:comment'><div id="_com_1" class=msocomtxt><p class=MsoCommentText>Check the age!</p></div></div></div>`);

export const wordTable = `<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;border:none'><tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'><td width=200 colspan=2 style='width:2.0in;border:solid windowtext 1.0pt'><p class=MsoNormal><b>Provider</b><o:p></o:p></p></td><td width=100><p class=MsoNormal>Billed<o:p></o:p></p></td></tr><tr><td><p class=MsoNormal>Cedar Hill</p></td><td><p class=MsoNormal>2024</p></td><td><p class=MsoNormal align=right>$1,200.00</p></td></tr></table>`;

/** As Outlook's web page and Google's documents give it. */
export const googleDocs = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:700;font-style:normal;text-decoration:none;white-space:pre-wrap;">Bold</span><span style="font-weight:400;white-space:pre-wrap;"> and plain</span></p><ul><li dir="ltr" aria-level="1"><p role="presentation"><span style="font-style:italic">one</span></p></li><ul><li aria-level="2"><p>deeper</p></li></ul><li><p>two</p></li></ul></b>`;
export const outlookMail = `<html><body><table width="600" role="presentation"><tr><td><div style="font-family:Aptos">Dear Dana,</div><div><br></div><div>the insurer <span style="text-decoration:underline">refused</span>.</div></td></tr></table><img src="https://mail.example/open.gif" width="1" height="1"></body></html>`;
