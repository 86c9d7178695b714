/** Ways to say the same in records and letters, a group a line. What is found by another of its group counts less than what was asked. */
export const synonymGroups = `
MVA|MVC|motor vehicle accident|motor vehicle collision|car accident|car crash|auto accident|automobile accident|traffic accident|vehicle collision|road traffic accident|crash|wreck
MCA|motorcycle accident|motorcycle crash|motorcycle collision
trucking accident|truck accident|truck crash|semi truck|tractor trailer|18-wheeler|commercial vehicle
rear-end|rear ended|rear end collision|struck from behind|hit from behind
T-bone|side impact|broadside|lateral impact
head-on|head on collision|frontal impact
hit and run|fled the scene|left the scene|phantom vehicle
slip and fall|trip and fall|fall on premises|premises liability|fell
ped vs auto|auto vs ped|pedestrian accident|pedestrian struck
dog bite|animal bite|canine attack
Fx|fracture|fractured|broken bone|break
ORIF|open reduction internal fixation|open reduction and internal fixation
Dx|diagnosis|diagnosed|diagnostic impression|assessment
Rx|prescription|prescribed|medication
Tx|treatment|treated|therapy
Hx|history|medical history
PMH|PMHx|past medical history|prior medical history
HPI|history of present illness
Sx|symptom|symptoms|complaints
CC|chief complaint|presenting complaint
SOB|shortness of breath|dyspnea|difficulty breathing
LOC|loss of consciousness|lost consciousness|blacked out|unconscious|passed out
HA|headache|headaches|cephalgia|cephalalgia
migraine|migraines|migrainous headache
N/V|nausea and vomiting|nausea|vomiting|emesis
N/T|numbness and tingling|numbness|tingling|paresthesia|paresthesias|pins and needles
ROM|range of motion
WNL|within normal limits|normal limits|unremarkable
NAD|no acute distress
BP|blood pressure|hypertension
HR|heart rate|pulse
MRI|magnetic resonance imaging|MR imaging|magnetic resonance
CT|CAT scan|computed tomography|CT scan|computerized tomography
XR|x-ray|xray|radiograph|radiographs|plain film
ultrasound|sonogram|sonography
EMG|electromyography|electromyogram|nerve conduction study|NCS|NCV|EMG/NCV
EKG|ECG|electrocardiogram
EEG|electroencephalogram
DEXA|bone density
ER|ED|emergency room|emergency department|emergency dept|A&E|emergency ward
ICU|intensive care|intensive care unit|critical care
operating room|operating theatre
EMS|paramedic|paramedics|ambulance|emergency medical services|EMT
urgent care|walk-in clinic|immediate care
PCP|primary care physician|primary care provider|family doctor|family physician
MD|physician|doctor
DC|chiropractor|chiropractic
PT|physical therapy|physiotherapy|physical therapist|PT evaluation
OT|occupational therapy|occupational therapist
ENT|otolaryngology|ear nose and throat
ortho|orthopedic|orthopaedic|orthopedics|orthopedist|orthopedic surgeon
neuro|neurology|neurologist|neurological
neurosurgery|neurosurgeon|spine surgeon
pain management|pain specialist|pain clinic|interventional pain
psych|psychologist|psychiatrist|psychology|psychiatry|mental health
radiology|radiologist|imaging center|imaging
TBI|traumatic brain injury|brain injury|head injury|closed head injury|concussion|mTBI|mild traumatic brain injury
PCS|post-concussion syndrome|post concussive syndrome|postconcussional syndrome
PTSD|post-traumatic stress disorder|posttraumatic stress disorder|post traumatic stress
anxiety|anxious|panic attacks
depression|depressed|depressive disorder
insomnia|sleep disturbance|difficulty sleeping|trouble sleeping
whiplash|cervical sprain|cervical strain|neck sprain|neck strain|WAD|acceleration deceleration injury
C-spine|cervical spine|neck|cervical
T-spine|thoracic spine|mid back|upper back|thoracic
L-spine|lumbar spine|lower back|low back|lumbar|lumbosacral
LBP|low back pain|lower back pain|lumbago
neck pain|cervicalgia|cervical pain
C3-C4|C3-4|C3/4|C3/C4
C4-C5|C4-5|C4/5|C4/C5
C5-C6|C5-6|C5/6|C5/C6
C6-C7|C6-7|C6/7|C6/C7
C7-T1|C7/T1
L1-L2|L1-2|L1/2|L1/L2
L2-L3|L2-3|L2/3|L2/L3
L3-L4|L3-4|L3/4|L3/L4
L4-L5|L4-5|L4/5|L4/L5
L5-S1|L5/S1|lumbosacral junction
HNP|herniated disc|herniated disk|disc herniation|disk herniation|herniated nucleus pulposus|slipped disc|disc protrusion|ruptured disc
bulging disc|disc bulge|disk bulge|bulging disk
DDD|degenerative disc disease|degenerative disk disease|degenerative changes|spondylosis
radiculopathy|radicular pain|pinched nerve|nerve root impingement|radiculitis
sciatica|sciatic pain|sciatic nerve
stenosis|spinal stenosis|narrowing of the canal
spondylolisthesis|vertebral slippage
ESI|epidural steroid injection|epidural injection|epidural|transforaminal injection
facet injection|medial branch block|MBB|facet block
RFA|radiofrequency ablation|rhizotomy
ACDF|anterior cervical discectomy and fusion|cervical fusion
spinal fusion|lumbar fusion|TLIF|PLIF|fusion surgery
laminectomy|laminotomy|decompression surgery
discectomy|microdiscectomy
rotator cuff tear|torn rotator cuff|supraspinatus tear|RCT
labral tear|SLAP tear|torn labrum
shoulder impingement|subacromial impingement
AC joint|acromioclavicular joint|AC separation
clavicle|collarbone
scapula|shoulder blade
humerus|upper arm bone
wrist|carpal|distal radius
CTS|carpal tunnel syndrome|carpal tunnel|median neuropathy
TMJ|temporomandibular joint|jaw pain|TMD
ACL|anterior cruciate ligament|ACL tear
MCL|medial collateral ligament
PCL|posterior cruciate ligament
meniscus tear|meniscal tear|torn meniscus
patella|kneecap
femur|thigh bone
tibia|shin bone|shinbone
fibula|calf bone
ankle sprain|sprained ankle
arthroscopy|arthroscopic surgery|scope
TKR|TKA|total knee replacement|total knee arthroplasty
THR|THA|total hip replacement|total hip arthroplasty
rib fracture|broken rib|fractured ribs
pneumothorax|collapsed lung
contusion|contusions|bruise|bruising|ecchymosis|hematoma
laceration|lacerations|cut|wound
abrasion|abrasions|scrape|road rash
sprain|sprains|strain|strains|soft tissue injury
scar|scarring|disfigurement|keloid
swelling|edema|oedema|inflammation
spasm|spasms|muscle spasm|muscle spasms
TTP|tender to palpation|tenderness|tender
dizziness|vertigo|lightheadedness|dizzy
tinnitus|ringing in the ears
photophobia|light sensitivity
blurred vision|visual disturbance|diplopia|double vision
memory loss|forgetfulness|amnesia|cognitive impairment
bilateral|both sides|B/L
right|R side|right-sided
left|L side|left-sided
LUE|left upper extremity|left arm
RUE|right upper extremity|right arm
LLE|left lower extremity|left leg
RLE|right lower extremity|right leg
NSAID|NSAIDs|ibuprofen|naproxen|anti-inflammatory
Tylenol|acetaminophen|paracetamol
opioid|opioids|narcotic|narcotics|hydrocodone|oxycodone|Percocet|Norco
muscle relaxant|muscle relaxer|cyclobenzaprine|Flexeril|methocarbamol
Neurontin|gabapentin
injection|injections|shot
surgery|surgical procedure|operation|operative procedure
discharge|discharged|released home
admission|admitted|inpatient
follow-up|followup|F/U|return visit
DOS|date of service|service date|dates of service
DOB|date of birth|birth date|birthdate|born
DOL|date of loss|DOI|date of injury|date of accident|accident date|loss date|date of incident|incident date
DOD|date of death|decedent
MMI|maximum medical improvement|permanent and stationary
PPD|permanent partial disability|permanent impairment|impairment rating|whole person impairment
TTD|temporary total disability|unable to work|off work
light duty|modified duty|work restrictions|restricted duty
disability|disabled|incapacity
IME|independent medical examination|defense medical exam|DME|CME|compulsory medical examination
FCE|functional capacity evaluation
LCP|life care plan|future medical care|future medical expenses
preexisting|pre-existing|prior condition|prior injury
aggravation|exacerbation|aggravated|exacerbated
causation|causally related|caused by|proximate cause
prognosis|future outlook
HIPAA|medical authorization|records release|authorization for release
LOR|letter of representation|representation letter
LOP|letter of protection
NOI|notice of intent|notice of claim
ROR|reservation of rights
POA|power of attorney
GAL|guardian ad litem
SOL|statute of limitations|limitations period|time bar|time-barred
demand|demand letter|settlement demand|policy limits demand|time limit demand
offer|settlement offer|counteroffer|counter-offer
settlement|settled|release of all claims|settlement agreement
release|general release|release and settlement
lien|liens|subrogation|right of reimbursement|reimbursement claim|subrogation claim
Medicare|CMS|conditional payment|MSP|Medicare secondary payer
Medicaid|Medi-Cal|AHCCCS
ERISA|self-funded plan|employer plan
health insurance|health insurer|Blue Cross|BCBS|HMO|PPO
workers comp|workers compensation|WC|worker's compensation|industrial injury
UM|uninsured motorist|uninsured driver|uninsured
UIM|underinsured motorist|underinsured|UM/UIM
BI|bodily injury|bodily injury liability|personal injury|PI
PD|property damage|vehicle damage
PIP|personal injury protection|no-fault|no fault
MedPay|med pay|medical payments|medical payments coverage
policy limits|limits of liability|coverage limits|policy limit
dec page|declarations page|declaration page|declarations
umbrella|excess policy|excess coverage
adjuster|claims adjuster|claims representative|claims examiner|claim rep
carrier|insurer|insurance company|insurance carrier
insured|policyholder|named insured
claim number|claim no|claim #|file number
EOB|explanation of benefits|remittance
CPT|procedure code|billing code
ICD|ICD-10|diagnosis code
HCFA|CMS-1500|HCFA 1500
UB-04|UB04|hospital bill
bill|billing statement|invoice|statement of account|itemized statement
charges|billed amount|amount billed
balance|balance due|amount due|outstanding balance|amount owed
write-off|adjustment|contractual adjustment|written off
out-of-pocket|co-pay|copay|copayment|coinsurance
collections|collection agency|sent to collections
lost wages|wage loss|loss of earnings|lost earnings|lost income|loss of income
earning capacity|loss of earning capacity|diminished earning capacity
specials|special damages|economic damages
generals|general damages|non-economic damages|noneconomic damages
P&S|pain and suffering|emotional distress|mental anguish
loss of consortium|consortium claim
loss of enjoyment|hedonic damages|quality of life
punitive damages|exemplary damages|punitives
wrongful death|death claim|survival action
comparative negligence|comparative fault|contributory negligence|shared fault
negligence|negligent|breach of duty|carelessness
liability|fault|at fault|responsible party
duty of care|standard of care
DUI|DWI|driving under the influence|drunk driving|intoxicated|impaired driver
BAC|blood alcohol|blood alcohol content
speeding|excessive speed|exceeding the speed limit
ran a red light|red light|failed to stop|ran the light
failure to yield|failed to yield|right of way
distracted driving|texting|cell phone use|on his phone
seatbelt|seat belt|restrained|safety belt
airbag|air bag|airbags deployed
totaled|total loss|totalled
dashcam|dash cam|video footage|surveillance video
police report|crash report|accident report|collision report|traffic collision report|incident report
officer|police officer|trooper|deputy|patrolman
citation|ticket|cited|traffic citation
witness|eyewitness|bystander
plaintiff|claimant|injured party
defendant|tortfeasor|adverse driver|at-fault driver|respondent
counsel|attorney|lawyer|atty
complaint|petition|lawsuit|civil complaint
summons|service of process|served
ROGs|interrogatories|interrogatory
RFP|RPD|request for production|requests for production|production requests
RFA|RFAs|request for admission|requests for admission
depo|deposition|deposed|EBT|examination before trial
transcript|testimony|sworn testimony
subpoena|SDT|subpoena duces tecum|records subpoena
affidavit|declaration|sworn statement
mediation|mediator|ADR|alternative dispute resolution
arbitration|arbitrator
MSJ|motion for summary judgment|summary judgment
MTC|motion to compel
RFQ|request for quote|request for quotation
spoliation|preservation letter|litigation hold|evidence preservation
wet floor|slippery floor|spill|liquid on the floor|hazard
warning sign|wet floor sign|caution sign
employer|workplace|place of employment
occupation|job|employment
school|student|university
spouse|husband|wife|partner
minor|child|juvenile
caregiver|home health|home health aide|attendant care
DME|durable medical equipment|brace|crutches|wheelchair|walker
mileage|travel expenses|transportation costs
`;
